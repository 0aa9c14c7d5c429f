package dev.ashlar.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.cli.output.ValuePreview;
import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.Json;
import dev.ashlar.client.http.Paths;
import dev.ashlar.common.cluster.GateAnswer;

/** {@code ashlar gate}: may an ordinal be restarted now. */
@Command(
        name = "gate",
        header = "Ask whether a process may be restarted now; exit code 1 when it should not.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar gate store-2",
            "  until ashlar gate store-2; do sleep 5; done    wait until it may",
        })
public final class GateCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Mixin
    private Coordinators coordinators;

    @Parameters(index = "0", paramLabel = "NAME", description = "store-N or coordinator-N.")
    private String name;

    @Override
    public Integer call() throws InterruptedException {
        int dash = name.lastIndexOf('-');
        if (!name.matches("(store|coordinator)-\\d{1,4}")) {
            throw new CliException(ExitCode.USAGE, "'" + name + "' is neither store-N nor coordinator-N");
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("statefulset", name.substring(0, dash));
        query.put("ordinal", name.substring(dash + 1));
        Answer answer = coordinators.ask(root, "/v1/gate" + Paths.query(query));
        GateAnswer gate = Json.read(answer, GateAnswer.class);
        if (root.output() == OutputFormat.json) {
            root.terminal().out().println(Json.tree(answer));
        } else {
            root.terminal().out().println(gate.verdict());
            gate.reasons().forEach(reason -> root.terminal().out().println("  " + ValuePreview.printable(reason)));
        }
        return (gate.verdict().equals(GateAnswer.PROCEED) ? ExitCode.OK : ExitCode.NO).number();
    }
}
