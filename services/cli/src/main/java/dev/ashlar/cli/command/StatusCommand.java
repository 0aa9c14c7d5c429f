package dev.ashlar.cli.command;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.output.ClusterTables;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Json;
import dev.ashlar.common.cluster.ClusterView;

/** {@code ashlar status}: who is where, and is all well. */
@Command(
        name = "status",
        header = "Show shards, stores and coordinators, and whether all is well.",
        footerHeading = "%nIn the table of shards:%n",
        footer = {
            "  L leads the shard · F follows and votes · l learns (does not vote) · ? unknown leader",
            "",
            "Examples:",
            "  ashlar status",
            "  ashlar status --check && echo all is well",
        })
public final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Option(names = "--check", description = "Exit code 1 unless the health is ok.")
    private boolean check;

    @Override
    public Integer call() throws InterruptedException {
        Answer answer = root.stores().ask(Call.get("/v1/cluster"));
        ClusterView view = Json.read(answer, ClusterView.class);
        if (root.output() == OutputFormat.json) {
            root.terminal().out().println(Json.tree(answer));
        } else {
            ClusterTables.print(view, root.terminal().out());
        }
        return (check && !"ok".equals(view.health()) ? ExitCode.NO : ExitCode.OK).number();
    }
}
