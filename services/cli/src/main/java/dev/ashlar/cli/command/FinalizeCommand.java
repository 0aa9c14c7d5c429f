package dev.ashlar.cli.command;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;

/** {@code ashlar finalize}: the end of an upgrade; there is no way back to the older version after it. */
@Command(
        name = "finalize",
        header = "End an upgrade: use the newest data format that all run. Older versions are refused from then on.",
        footerHeading = "%nExamples:%n",
        footer = {"  ashlar finalize"})
public final class FinalizeCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Mixin
    private Coordinators coordinators;

    @Override
    public Integer call() throws InterruptedException {
        return coordinators.post(root, "/v1/finalize", "");
    }
}
