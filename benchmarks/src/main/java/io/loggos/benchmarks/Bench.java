package io.loggos.benchmarks;

import io.loggos.benchmarks.commands.commit.CommitCommand;
import io.loggos.benchmarks.commands.failover.FailoverCommand;
import io.loggos.benchmarks.commands.floors.FloorsCommand;
import io.loggos.benchmarks.commands.growth.GrowthCommand;
import io.loggos.benchmarks.commands.logs.LogsCommand;
import io.loggos.benchmarks.commands.multicast.MulticastCommand;
import io.loggos.benchmarks.commands.multicasttrials.MulticastTrialsCommand;
import io.loggos.benchmarks.commands.reads.ReadsCommand;
import io.loggos.benchmarks.commands.restart.RestartCommand;
import io.loggos.benchmarks.commands.server.ServerCommand;
import io.loggos.benchmarks.commands.snapshot.SnapshotCommand;
import io.loggos.benchmarks.commands.soak.SoakCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Command line of {@code bench}. */
@Command(
        name = "bench",
        description = "Measures Loggos beside its peers, and beside what the disk and the wire allow.",
        subcommands = {
            CommitCommand.class,
            FloorsCommand.class,
            ReadsCommand.class,
            ServerCommand.class,
            GrowthCommand.class,
            FailoverCommand.class,
            RestartCommand.class,
            SoakCommand.class,
            LogsCommand.class,
            MulticastCommand.class,
            MulticastTrialsCommand.class,
            SnapshotCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:an operation failed, or the replicas differ", "2:bad usage"})
public final class Bench implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private Bench() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** Reports a missing command as bad usage. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Bench());
        commandLine.setParameterExceptionHandler(Bench::misunderstood);
        commandLine.setExecutionExceptionHandler(Bench::failed);
        return commandLine;
    }

    private static int misunderstood(ParameterException e, String[] arguments) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println("bench: " + e.getMessage());
        err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        command.getErr().println("bench: " + trace);
        command.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
