package dev.ashlar.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StatusTest {
    private static final String CLUSTER = """
            {"cluster_id":"c-1","source":"store-0","authoritative":false,"map_epoch":4,"health":"degraded","auth":false,
             "problems":["store-1 is down"],
             "shards":[
              {"shard":0,"epoch":2,"leader_replica":1,"preferred_leader":1,"term":3,"revision":9,"replicas":[
                {"store":"store-0.00000000000000aa","replica":1,"kind":"voter"},
                {"store":"store-1.00000000000000bb","replica":2,"kind":"voter"}]},
              {"shard":1,"epoch":2,"leader_replica":0,"preferred_leader":0,"term":0,"revision":0,"replicas":[
                {"store":"store-1.00000000000000bb","replica":1,"kind":"learner"}]}],
             "stores":[
              {"name":"store-0","disk_id":"00000000000000aa","zone":"z1","state":"up","incarnation":1,"version":"0.1.0",
               "http_address":"127.0.0.1:8080","leaders":1,"replicas":1,"data_bytes":1536,"last_seen_ms_ago":300,"alarms":[]},
              {"name":"store-1","disk_id":"00000000000000bb","zone":null,"state":"down","incarnation":1,"version":"0.1.0",
               "http_address":"127.0.0.1:8081","leaders":0,"replicas":2,"data_bytes":0,"last_seen_ms_ago":15000,
               "alarms":["disk_full"],"a_new_field":1}],
             "coordinators":[{"name":"coordinator-0","http_address":"127.0.0.1:8180","leader":true}]}
            """;

    private final FakeStore store = new FakeStore().answers(200, CLUSTER);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void showsWhoIsWhereAndWhatIsWrong() {
        Ran ran = Ran.ashlar("status", "-e", store.url());
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("""
                        cluster c-1   health degraded   map epoch 4   as seen by store-0

                        SHARD  LEADER   TERM  REVISION  store-0  store-1
                        0      store-0  3     9         L        F
                        1      ?        0     0         ·        l

                        STORE    STATE  ZONE  VERSION  LEADERS  REPLICAS  DATA     SEEN       API             ALARMS
                        store-0  up     z1    0.1.0    1        1         1.5 KiB  0.3 s ago  127.0.0.1:8080  -
                        store-1  down   -     0.1.0    0        2         0 B      15 s ago   127.0.0.1:8081  disk_full

                        COORDINATOR    ROLE    API
                        coordinator-0  leader  127.0.0.1:8180

                        problems:
                          - store-1 is down
                        """);
    }

    @Test
    void checkIsForScripts() {
        assertThat(Ran.ashlar("status", "--check", "-e", store.url()).exit()).isEqualTo(1);
    }

    @Test
    void jsonIsTheServersOwn() {
        assertThat(Ran.ashlar("status", "-o", "json", "-e", store.url()).out())
                .startsWith("{\"cluster_id\":\"c-1\"")
                .contains("\"a_new_field\":1");
    }
}
