package dev.ashlar.cli.command;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;

/** {@code ashlar undrain}: a store serves again as any other. */
@Command(
        name = "undrain",
        header = "Let a store lead again that was drained or was being decommissioned.",
        footerHeading = "%nExamples:%n",
        footer = {"  ashlar undrain store-1", "  ashlar events -f"})
public final class UndrainCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Mixin
    private Coordinators coordinators;

    @Parameters(index = "0", paramLabel = "STORE", description = "Name of the store, such as store-1.")
    private String store;

    @Override
    public Integer call() throws InterruptedException {
        return coordinators.post(root, "/v1/stores/" + Coordinators.name(store) + "/undrain", "");
    }
}
