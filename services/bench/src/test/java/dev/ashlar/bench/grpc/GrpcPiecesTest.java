package dev.ashlar.bench.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import dev.ashlar.bench.load.Client;
import dev.ashlar.bench.load.Payload;

import static org.assertj.core.api.Assertions.assertThat;

class GrpcPiecesTest {
    private static int status(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return GrpcStatus.of(bytes, 0, bytes.length);
    }

    @Test
    void statusBehindAHuffmanCodedName() {
        assertThat(status("00889acac8b21234da8f0130")).isZero();
        assertThat(status("00889acac8b21234da8f023134")).isEqualTo(14);
    }

    @Test
    void statusBehindAPlainName() {
        String name = HexFormat.of().formatHex("\013grpc-status".getBytes(StandardCharsets.US_ASCII));
        assertThat(status("00" + name + "0138")).isEqualTo(8);
    }

    @Test
    void blockWithoutStatusOrCutOffIsUnknown() {
        assertThat(status("88")).isEqualTo(GrpcStatus.UNKNOWN);
        assertThat(status("00889acac8b21234da8f")).isEqualTo(GrpcStatus.UNKNOWN);
        assertThat(status("00889acac8b21234da8f02")).isEqualTo(GrpcStatus.UNKNOWN);
    }

    @Test
    void putMessageIsTwoLengthDelimitedFields() {
        byte[] value = new byte[300];
        assertThat(Protobuf.putKey(new byte[] {'k'})).containsExactly(0x0a, 1, 'k');
        assertThat(Protobuf.value(value)).hasSize(303).startsWith(0x12, 0xac, 0x02);
    }

    @Test
    void transactionComparesAndPutsTheKeysOfOneGroup() {
        Payload payload = Payload.grouped("b/", 2, 7, 1, 1);
        TxnCalls calls = new TxnCalls(payload);
        Client client = client(4);
        ByteBuffer out = ByteBuffer.allocate(calls.messageBytes(client));
        calls.encode(client, out);
        assertThat(out.remaining()).isZero();
        String hex = HexFormat.of().formatHex(out.array());
        // Compare{GREATER, CREATE, "b/{01}0", create_revision 0}, as the first of three.
        String key = HexFormat.of().formatHex("b/{01}0".getBytes(StandardCharsets.US_ASCII));
        assertThat(hex)
                .startsWith("00" + "%08x".formatted(out.capacity() - 5) + "0a0f" + "08011001" + "1a07" + key + "2800");
        // RequestOp{put{key, value of one byte}}.
        assertThat(hex).contains("120e120c0a07" + key + "1201");
    }

    @Test
    void lockMessagesHaveTheSizeThatWasAnnounced() {
        for (boolean kept : new boolean[] {false, true}) {
            LockCalls calls = new LockCalls(Payload.of("bench/", 100, 24, 1, 1), kept);
            assertThat(calls.steps()).isEqualTo(kept ? 2 : 4);
            Client client = client(99);
            for (client.startNanos = -1;
                    client.startNanos < 1_000_000_000_000_000L;
                    client.startNanos += 400_000_000_000_000L) {
                for (client.step = 0; client.step < calls.steps(); client.step++) {
                    ByteBuffer out = ByteBuffer.allocate(calls.messageBytes(client));
                    calls.encode(client, out);
                    assertThat(out.remaining()).isZero();
                }
            }
        }
    }

    private static Client client(int key) {
        Client client = new Client(7);
        client.key = key;
        return client;
    }

    @Test
    void numberInAnAnswerIsFoundBehindOtherFields() {
        byte[] header = Protobuf.field(1, Protobuf.number(2, 1), Protobuf.number(3, Long.MAX_VALUE));
        byte[] holds = Protobuf.joined(header, Protobuf.number(2, 1), Protobuf.field(3, new byte[200]));
        byte[] fails = Protobuf.joined(header, Protobuf.field(3, Protobuf.number(2, 1)));
        assertThat(Protobuf.isSet(2, holds, 0, holds.length)).isTrue();
        assertThat(Protobuf.isSet(2, fails, 0, fails.length)).isFalse();
        assertThat(Protobuf.isSet(2, holds, 0, 3)).isFalse();
        assertThat(Protobuf.isSet(2, holds, 5, 5)).isFalse();
    }

    @Test
    void laterCallsReferToTheHeadersOfTheFirst() {
        RequestHeaders headers = new RequestHeaders("127.0.0.1:2379");
        ByteBuffer out = ByteBuffer.allocate(1024);
        headers.encode(0, "/etcdserverpb.KV/Put", out);
        int first = out.position();
        headers.encode(0, "/etcdserverpb.KV/Put", out.clear());
        assertThat(first).isGreaterThan(60);
        // Inserted in this order: path, authority, content-type, te; the newest has index 62.
        byte[] second = new byte[out.flip().remaining()];
        out.get(second);
        assertThat(second).containsExactly(0x83, 0x86, 0x80 | 65, 0x80 | 64, 0x80 | 63, 0x80 | 62);
    }
}
