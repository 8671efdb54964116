package io.loggos.examples.cli;

import io.loggos.api.Address;
import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.cli.client.JsonText;
import io.loggos.examples.cli.client.StatusClient;
import io.loggos.examples.cli.options.Connector;
import io.loggos.examples.cli.options.EndpointsOption;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code loggos status}: the status of the members of a cluster. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows role, ballot and slots of each member.",
            "",
            "LAG is how many slots are known to be chosen and not yet applied; AGREED is the last slot at which"
                    + " the digests of a quorum were equal. Exits with 1 if a member is unreachable, has halted, or"
                    + " is refused."
        })
final class StatusCommand implements Callable<Integer> {
    /** A server that is not there refuses at once. This is for one that is busy, and for the start of this JVM. */
    private static final long TIMEOUT_MILLIS = 10_000;

    private static final List<String> HEADINGS = List.of(
            "ENDPOINT",
            "NODE",
            "ROLE",
            "LEADER",
            "BALLOT",
            "FIRST",
            "CHOSEN",
            "APPLIED",
            "AGREED",
            "LAG",
            "CHECKPOINT",
            "REVISION",
            "BYTES",
            "NOTE");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final EndpointsOption endpoints = new EndpointsOption();

    @Option(names = "--json", description = "Prints a JSON array with an object for each member.")
    private boolean json;

    @Override
    public Integer call() {
        List<StatusClient.Answer> answers = ask(endpoints.parse(), endpoints.connector());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.of(answers.stream().map(StatusCommand::json).toList()));
        } else {
            table(answers).forEach(out::println);
        }
        out.flush();
        return answers.stream().allMatch(answer -> isSound(answer.reply())) ? 0 : 1;
    }

    /** True for a member that takes part. */
    static boolean isSound(@Nullable NodeStatusReply reply) {
        return reply != null
                && reply.getHalted().isEmpty()
                && reply.getFenced().isEmpty()
                && reply.getRefusedMap().isEmpty();
    }

    /** Asks all servers at the same time, so that several unreachable ones cost the timeout only once. */
    static List<StatusClient.Answer> ask(List<Address> endpoints, Connector connector) {
        List<StatusClient> clients = endpoints.stream()
                .map(endpoint -> new StatusClient(endpoint, connector))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, clients.size()));
        try {
            List<CompletableFuture<StatusClient.Answer>> asked = clients.stream()
                    .map(client -> CompletableFuture.supplyAsync(() -> client.ask(TIMEOUT_MILLIS), threads))
                    .toList();
            return asked.stream().map(CompletableFuture::join).toList();
        } finally {
            clients.forEach(StatusClient::close);
            threads.shutdown();
        }
    }

    private static List<String> table(List<StatusClient.Answer> answers) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        answers.forEach(answer -> rows.add(row(answer)));
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size() - 1; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            line.append(cell).append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 2));
        }
        return line.toString().stripTrailing();
    }

    private static List<String> row(StatusClient.Answer answer) {
        NodeStatusReply reply = answer.reply();
        String endpoint = answer.endpoint().toString();
        if (reply == null) {
            List<String> row = new ArrayList<>(List.of(endpoint, "-", "unreachable"));
            HEADINGS.stream().skip(4).forEach(heading -> row.add("-"));
            row.add(String.valueOf(answer.unreachable()));
            return row;
        }
        return List.of(
                endpoint,
                "n" + reply.getNode(),
                reply.getRole(),
                reply.getLeader() == 0 ? "-" : "n" + reply.getLeader(),
                ballot(reply),
                Long.toString(reply.getFirstSlot()),
                Long.toString(reply.getChosenSlot()),
                Long.toString(reply.getAppliedSlot()),
                Long.toString(reply.getAgreedSlot()),
                Long.toString(lag(reply)),
                Long.toString(reply.getCheckpointSlot()),
                Long.toString(reply.getRevision()),
                Long.toString(reply.getSizeBytes()),
                note(reply));
    }

    private static Map<String, @Nullable Object> json(StatusClient.Answer answer) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        NodeStatusReply reply = answer.reply();
        object.put("endpoint", answer.endpoint().toString());
        object.put("reachable", reply != null);
        if (reply == null) {
            object.put("error", answer.unreachable());
            return object;
        }
        object.put("cluster", reply.getClusterId());
        object.put("node", reply.getNode());
        object.put("role", reply.getRole());
        object.put("leader", reply.getLeader() == 0 ? null : reply.getLeader());
        object.put("ballot", ballot(reply));
        object.put("firstSlot", reply.getFirstSlot());
        object.put("acceptedSlot", reply.getAcceptedSlot());
        object.put("chosenSlot", reply.getChosenSlot());
        object.put("knownChosenSlot", reply.getKnownChosenSlot());
        object.put("appliedSlot", reply.getAppliedSlot());
        object.put("lagSlots", lag(reply));
        object.put("agreedSlot", reply.getAgreedSlot());
        object.put("checkpointSlot", reply.getCheckpointSlot());
        object.put("pendingBytes", reply.getPendingBytes());
        object.put("revision", reply.getRevision());
        object.put("sizeBytes", reply.getSizeBytes());
        object.put("formed", reply.getFormed());
        object.put("connected", reply.getConnectedList());
        object.put("unmet", reply.getUnmetList());
        object.put("refused", new TreeMap<>(reply.getRefusedMap()));
        object.put("halted", orNull(reply.getHalted()));
        object.put("fenced", orNull(reply.getFenced()));
        object.put("waitsFor", orNull(reply.getWaitsFor()));
        return object;
    }

    static String ballot(NodeStatusReply reply) {
        return reply.getBallotRound() + "." + reply.getBallotNode();
    }

    private static long lag(NodeStatusReply reply) {
        return Math.max(0, reply.getKnownChosenSlot() - reply.getAppliedSlot());
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    static String note(NodeStatusReply reply) {
        if (!reply.getFenced().isEmpty()) {
            return "takes no part any more: " + reply.getFenced().replace('\n', ' ');
        }
        if (!reply.getHalted().isEmpty()) {
            return "halted: " + reply.getHalted().replace('\n', ' ');
        }
        if (!reply.getRefusedMap().isEmpty()) {
            return new TreeMap<>(reply.getRefusedMap())
                    .entrySet().stream()
                            .map(entry -> "no link with n" + entry.getKey() + ": " + entry.getValue())
                            .collect(Collectors.joining("; "));
        }
        if (!reply.getFormed()) {
            return "has not yet met " + reply.getUnmetList();
        }
        return reply.getWaitsFor().isEmpty() ? "" : "waits for " + reply.getWaitsFor();
    }
}
