package dev.ashlar.cli.command;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;

/** {@code ashlar decommission}: replicas leave a store for good. */
@Command(
        name = "decommission",
        header = "Move every replica off a store before it goes for good.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar decommission store-1",
            "  ashlar status                               the store holds nothing when it is done"
        })
public final class DecommissionCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Mixin
    private Coordinators coordinators;

    @Parameters(index = "0", paramLabel = "STORE", description = "Name of the store, such as store-1.")
    private String store;

    @Override
    public Integer call() throws InterruptedException {
        return coordinators.post(root, "/v1/stores/" + Coordinators.name(store) + "/decommission", "");
    }
}
