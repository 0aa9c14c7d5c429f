package dev.ashlar.cli;

import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TxnWatchAndLockTest {
    private static final String HELD =
            "{\"name\":\"l\",\"owner\":\"me\",\"fencing_token\":7,\"acquired\":true,\"ttl_ms\":30000,\"shard\":1}";

    private final FakeStore store = new FakeStore();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void optionsBecomeATransaction() {
        store.answers(
                200,
                "{\"succeeded\":true,\"results\":[{\"op\":\"put\",\"key\":\"b\",\"revision\":5,\"created\":true}],\"revision\":5}");
        Ran ran = Ran.ashlar("txn", "--if-absent", "a", "--if-revision", "c=4", "--put", "b=x=y", "-e", store.url());
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("succeeded, revision 5\nput  b  created, revision 5\n");
        assertThat(store.asked.getFirst().uri()).isEqualTo("/v1/txn");
        assertThat(store.asked.getFirst().header("Idempotency-key")).hasSize(36);
        assertThat(store.asked.getFirst().body())
                .contains("\"absent\":true", "\"revision\":4", "\"op\":\"put\"", "\"text\":\"x=y\"");
    }

    @Test
    void aConditionThatDoesNotHoldIsExitCodeOne() {
        store.answers(200, "{\"succeeded\":false,\"results\":[],\"revision\":5}");
        assertThat(Ran.ashlar(Map.of(), "{\"then\":[]}", "txn", "-", "-e", store.url())
                        .exit())
                .isEqualTo(1);
        assertThat(store.asked.getFirst().body()).isEqualTo("{\"then\":[]}");
        assertThat(Ran.ashlar("txn", "-e", store.url()).exit()).isEqualTo(2);
        assertThat(Ran.ashlar("txn", "--put", "a", "-e", store.url()).exit()).isEqualTo(2);
    }

    @Test
    void aWatchGoesOnWithTheLastCursorWhenTheConnectionEnds() {
        store.answers(
                200,
                "id: c0\nevent: open\ndata: {}\n\nid: c1\nevent: put\ndata: {\"key\":\"a\",\"revision\":1,\"value\":\"eA==\"}\n\n");
        store.answers(503, "{\"code\":\"no_leader\",\"detail\":\"x\"}");
        store.answers(200, ": heartbeat\nid: c2\n\nid: c3\nevent: delete\ndata: {\"key\":\"a\",\"revision\":2}\n\n");
        Ran ran = Ran.ashlar("watch", "a", "--count", "2", "-e", store.url());
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("put  a  revision 1  x\ndelete  a  revision 2\n");
        assertThat(store.asked.get(0).uri()).isEqualTo("/v1/watch?prefix=a");
        assertThat(store.asked.get(2).header("Last-event-id")).isEqualTo("c1");
    }

    @Test
    void aWatchWhoseHistoryIsGoneSaysHowToGoOn() {
        store.refuses(410, "compacted", "the history of shard 1 is gone");
        Ran ran = Ran.ashlar("watch", "--from", "old", "-e", store.url());
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err()).contains("compacted", "present state");
    }

    @Test
    void aLockIsAcquiredAndReleased() {
        store.answers(200, HELD).answers(204, "");
        Ran held = Ran.ashlar("lock", "a/{b}", "--owner", "me", "--ttl", "5s", "-e", store.url());
        assertThat(held.out()).isEqualTo("a/{b} acquired, fencing token 7\n");
        assertThat(store.asked.getFirst().uri()).isEqualTo("/v1/locks/a/%7Bb%7D");
        assertThat(store.asked.getFirst().body()).contains("\"owner\":\"me\"", "\"ttl\":\"5s\"", "\"wait\":\"0ms\"");
        assertThat(Ran.ashlar("lock", "a", "--owner", "me", "--release", "-e", store.url())
                        .exit())
                .isZero();
        assertThat(store.asked.get(1).method()).isEqualTo("DELETE");
        assertThat(Ran.ashlar("lock", "a", "-e", store.url()).exit()).isEqualTo(2);
    }

    @Test
    void aLockOfAnotherIsRefused() {
        store.refuses(409, "locked", "the lock is held by 'you'");
        Ran ran = Ran.ashlar("lock", "a", "--owner", "me", "-e", store.url());
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err()).contains("held by 'you'");
    }

    @Test
    void aCommandRunsUnderTheLockAndItsExitCodeIsTheAnswer() {
        store.answers(200, HELD).answers(204, "");
        Ran ran = Ran.ashlar(
                "lock", "l", "-e", store.url(), "--", "sh", "-c", "test \"$ASHLAR_FENCING\" = l=7 && exit 9");
        assertThat(ran.exit()).isEqualTo(9);
        assertThat(store.asked).extracting(FakeStore.Asked::method).containsExactly("POST", "DELETE");
    }
}
