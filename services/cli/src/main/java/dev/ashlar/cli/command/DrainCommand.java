package dev.ashlar.cli.command;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;

/** {@code ashlar drain}: leaderships leave a store and do not come back. */
@Command(
        name = "drain",
        header = "Move every leadership off a store, until undrain or its restart.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar drain store-1",
            "  ashlar status                               the store leads nothing when it is done"
        })
public final class DrainCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Mixin
    private Coordinators coordinators;

    @Parameters(index = "0", paramLabel = "STORE", description = "Name of the store, such as store-1.")
    private String store;

    @Override
    public Integer call() throws InterruptedException {
        return coordinators.post(root, "/v1/stores/" + Coordinators.name(store) + "/drain", "");
    }
}
