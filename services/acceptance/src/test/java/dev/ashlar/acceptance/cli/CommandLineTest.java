package dev.ashlar.acceptance.cli;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import dev.ashlar.acceptance.backup.AshlarCli;
import dev.ashlar.acceptance.backup.AshlarCli.Ran;
import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every kind of command needs of the program that it is in: options, JSON both ways, streams, errors in words. For the native
 * executable; the jar has the tests of its module.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "ashlar.acceptance.native", matches = "true")
class CommandLineTest {
    private LocalCluster cluster;
    private String stores;
    private String coordinators;

    @BeforeAll
    void start() {
        cluster = LocalCluster.start("cli", new ClusterSize(1, 1, 2));
        stores = cluster.stores().getFirst().ports().url();
        coordinators = cluster.coordinators().getFirst().ports().url();
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void tellsVersionHelpAndCompletion() {
        assertThat(ok("--version")).matches("(?s)ashlar \\d+\\.\\d+.*");
        assertThat(ok("--help")).contains("watch", "txn", "Exit codes:", "--cacert");
        assertThat(ok("lock", "--help")).contains("--wait");
        assertThat(ok("bench", "--help")).contains("mixed");
        assertThat(ok("completion")).contains("complete -F", "--if-absent");
    }

    @Test
    void keysGoInAndComeOut() {
        ok("put", "cli/a", "one", "--if-absent");
        assertThat(ok("get", "cli/a").strip()).isEqualTo("one");
        assertThat(ok("get", "cli/a", "-o", "json")).contains("\"revision\":", "\"key\":\"cli/a\"");
        assertThat(ok("ls", "cli/")).contains("cli/a");
        assertThat(ok("txn", "--put", "{cli}b=2", "--get", "{cli}b", "-o", "json"))
                .contains("revision");
        assertThat(ok("lock", "cli", "--", "echo", "held")).contains("held");
        ok("del", "cli/a");
        assertThat(AshlarCli.run(stores, "get", "cli/a").exit()).isEqualTo(1);
    }

    @Test
    void clusterIsShown() {
        String store = cluster.stores().getFirst().name();
        assertThat(ok("status")).contains(store);
        assertThat(ok("status", "-o", "json")).contains("\"cluster_id\"");
        assertThat(ok("events", "--coordinator", coordinators)).isNotBlank();
        Ran gate = AshlarCli.run(stores, "gate", store, "--coordinator", coordinators);
        assertThat(gate.exit()).as(gate.output()).isBetween(0, 1);
    }

    @Test
    void errorsAreOneLineInWords() {
        assertThat(AshlarCli.run(stores, "put", "cli/c", "x", "--if-revision", "77")
                        .output())
                .startsWith("ashlar: ")
                .doesNotContain("\tat ");
        Ran wrong = AshlarCli.run(stores, "frobnicate");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.output()).contains("frobnicate");
        Ran nobody = AshlarCli.run("http://127.0.0.1:1", "get", "a");
        assertThat(nobody.exit()).isEqualTo(4);
        assertThat(nobody.output()).contains("connection refused").doesNotContain("\tat ");
    }

    private String ok(Object... arguments) {
        Ran ran = AshlarCli.run(stores, arguments);
        assertThat(ran.exit())
                .as("%s: %s", java.util.List.of(arguments), ran.output())
                .isZero();
        return ran.output();
    }
}
