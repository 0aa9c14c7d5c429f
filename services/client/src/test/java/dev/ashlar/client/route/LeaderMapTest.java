package dev.ashlar.client.route;

import java.net.InetSocketAddress;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LeaderMapTest {
    private static final String VIEW = """
            {"stores":[{"name":"store-0","disk_id":"aa","http_address":"127.0.0.1:8080"},
                       {"name":"store-1","disk_id":"bb","http_address":"127.0.0.1:8081"}],
             "shards":[{"shard":1,"leader_replica":4,"replicas":[{"store":"store-0.aa","replica":3},{"store":"store-1.bb","replica":4}]},
                       {"shard":0,"leader_replica":0,"replicas":[{"store":"store-0.aa","replica":1}]}]}
            """;

    @Test
    void leadersAreFoundByReplicaNumber() throws Exception {
        LeaderMap map = LeaderMap.parse(new ObjectMapper().readTree(VIEW));
        assertThat(map.stores())
                .containsExactly(
                        InetSocketAddress.createUnresolved("127.0.0.1", 8080),
                        InetSocketAddress.createUnresolved("127.0.0.1", 8081));
        assertThat(map.leaderOfShard()).containsExactly(-1, 1);
        assertThat(map.complete()).isFalse();
    }

    @Test
    void aClusterWithoutShardsIsNotComplete() throws Exception {
        assertThat(LeaderMap.parse(new ObjectMapper().readTree("{}")).complete())
                .isFalse();
    }
}
