package dev.ashlar.cli.command;

import java.util.concurrent.Callable;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.ExitCode;

/** {@code ashlar completion}: a script that completes words and options. */
@Command(
        name = "completion",
        header = "Print a completion script for bash and zsh.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(ashlar completion)                  for this shell",
            "  ashlar completion > ~/.local/share/bash-completion/completions/ashlar",
        })
public final class CompletionCommand implements Callable<Integer> {
    @ParentCommand
    private AshlarCommand root;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        root.terminal().out().print(AutoComplete.bash("ashlar", spec.root().commandLine()));
        return ExitCode.OK.number();
    }
}
