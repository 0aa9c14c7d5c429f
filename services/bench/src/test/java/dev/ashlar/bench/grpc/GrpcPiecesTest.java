package dev.ashlar.bench.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

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
