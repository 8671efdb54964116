package io.loggos.examples.cli;

import io.loggos.api.InvalidOptionsException;
import io.loggos.api.LoggosException;
import io.loggos.examples.cli.options.BadUsageException;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.server.LoggosServer;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code loggos}. */
@Command(
        name = "loggos",
        version = "loggos " + LoggosServer.VERSION,
        mixinStandardHelpOptions = true,
        description = "A replicated key-value store that speaks the etcd v3 protocol.",
        subcommands = {
            ClusterCommand.class,
            ServerCommand.class,
            StatusCommand.class,
            LeaderCommand.class,
            LogCommand.class,
            MemberCommand.class,
            SnapshotCommand.class,
            RestoreCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:failure", "2:bad usage"},
        footer = {
            "",
            "To try it: start 'loggos cluster' and type what it tells you.",
            "'loggos help COMMAND' or 'loggos COMMAND --help' explains a command."
        })
public final class Loggos implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log more, and print a stack trace when something fails.")
    private boolean verbose;

    private Loggos() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Returns the name under which this program was called, for command lines that it prints. */
    static String program() {
        return System.getProperty("loggos.program", "loggos");
    }

    /** Runs a command and returns its exit code. */
    static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    /** Returns the command line with all commands. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Loggos());
        commandLine.addSubcommand(new CommandLine.HelpCommand());
        commandLine.setExecutionStrategy(Loggos::execute);
        commandLine.setParameterExceptionHandler(Loggos::misunderstood);
        commandLine.setExecutionExceptionHandler(Loggos::failed);
        return commandLine;
    }

    /** Handles a call without a command as bad usage. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int execute(ParseResult parsed) {
        if (isVerbose(parsed)) {
            // The logger reads this when it is first used, which is later.
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
            System.setProperty("org.slf4j.simpleLogger.log.io.loggos", "debug");
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int misunderstood(ParameterException e, String[] arguments) {
        complain(e.getCommandLine(), List.of(String.valueOf(e.getMessage())));
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (isVerbose(parsed)) {
            e.printStackTrace(err);
        }
        if (e instanceof BadUsageException usage) {
            complain(command, usage.problems());
            return CommandLine.ExitCode.USAGE;
        } else if (e instanceof InvalidOptionsException options) {
            complain(command, options.problems());
            return CommandLine.ExitCode.USAGE;
        }
        boolean known = e instanceof LoggosException || e instanceof CommandFailure;
        String text = known ? String.valueOf(e.getMessage()) : e + " (--verbose shows where)";
        err.println("loggos: " + text.replace("\n", " "));
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void complain(CommandLine command, List<String> problems) {
        PrintWriter err = command.getErr();
        problems.forEach(problem -> err.println("loggos: " + problem));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
    }

    private static boolean isVerbose(ParseResult parsed) {
        Object root = parsed.commandSpec().root().userObject();
        return root instanceof Loggos loggos && loggos.verbose;
    }
}
