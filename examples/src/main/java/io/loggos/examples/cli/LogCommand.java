package io.loggos.examples.cli;

import io.loggos.api.Address;
import io.loggos.examples.cli.client.StatusClient;
import io.loggos.examples.cli.options.BadUsageException;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.options.Connector;
import io.loggos.examples.cli.options.EndpointsOption;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loggos log}: an operator's decisions about the replicated log. */
@Command(name = "log", mixinStandardHelpOptions = true, description = "Decides about slots of the replicated log.")
final class LogCommand extends CommandGroup {
    private static final long TIMEOUT_MILLIS = 60_000;

    @Command(
            name = "skip",
            mixinStandardHelpOptions = true,
            description = {
                "Lets all members skip a slot whose command halts each of them, for good.",
                "",
                "All must agree, and a member that has applied the slot does not. At least one must run with"
                        + " --stay-when-halted. Members that have halted go on when they are started again."
            })
    void skip(
            @Mixin EndpointsOption where,
            @Option(
                            names = "--slot",
                            paramLabel = "N",
                            required = true,
                            description = "The slot, as the halt names it.")
                    long slot,
            @Option(
                            names = "--without",
                            paramLabel = "ID",
                            split = ",",
                            description = "A member that is lost for good, and need not agree.")
                    @Nullable
                    List<Integer> without) {
        if (slot < 1) {
            throw new BadUsageException("--slot: slots begin at 1");
        }
        List<Integer> lost = without == null ? List.of() : without;
        if (lost.stream().anyMatch(id -> id < 1)) {
            throw new BadUsageException("--without: the id of a member is at least 1");
        }
        List<String> refusals = new ArrayList<>();
        for (Address endpoint : where.parse()) {
            String refusal = ask(endpoint, where.connector(), slot, lost);
            if (refusal == null) {
                PrintWriter out = out();
                out.println("slot " + slot + " is skipped");
                out.flush();
                return;
            }
            refusals.add(refusal);
        }
        throw new CommandFailure(String.join("\n", refusals));
    }

    private static @Nullable String ask(Address endpoint, Connector connector, long slot, List<Integer> without) {
        try (StatusClient client = new StatusClient(endpoint, connector)) {
            return client.skip(slot, without, TIMEOUT_MILLIS);
        }
    }
}
