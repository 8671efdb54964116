package io.loggos.examples.cli;

import io.loggos.api.Address;
import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.cli.client.StatusClient;
import io.loggos.examples.cli.options.BadUsageException;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.options.Connector;
import io.loggos.examples.cli.options.EndpointsOption;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loggos leader}: planned changes of the leader. */
@Command(name = "leader", mixinStandardHelpOptions = true, description = "Changes the leader of a running cluster.")
final class LeaderCommand extends CommandGroup {
    private static final long TIMEOUT_MILLIS = 10_000;

    @Command(
            name = "transfer",
            mixinStandardHelpOptions = true,
            description = {
                "Hands the leadership over to another member, and prints its id.",
                "",
                "Writes wait for some milliseconds, and none fails. A member that is stopped does the same by itself."
            })
    void transfer(
            @Mixin EndpointsOption where,
            @Option(
                            names = "--to",
                            paramLabel = "ID",
                            description = "The member that shall lead. Default: the one that has applied most.")
                    @Nullable
                    Integer to) {
        Connector connector = where.connector();
        List<StatusClient.Answer> answers = StatusCommand.ask(where.parse(), connector);
        StatusClient.Answer leader = answers.stream()
                .filter(answer ->
                        answer.reply() != null && answer.reply().getRole().equals("LEADER"))
                .max(Comparator.comparingLong(answer -> reply(answer).getBallotRound()))
                .orElseThrow(() -> new CommandFailure("no member that answers leads; 'loggos status' shows them"));
        int target = to == null ? mostApplied(answers, reply(leader)) : to;
        if (target < 1) {
            throw new BadUsageException("--to: the id of a member is at least 1");
        }
        ask(leader.endpoint(), connector, target);
        PrintWriter out = out();
        out.println("n" + target);
        out.flush();
    }

    private static void ask(Address endpoint, Connector connector, int target) {
        try (StatusClient client = new StatusClient(endpoint, connector)) {
            String refusal = client.transferLeadership(target, TIMEOUT_MILLIS);
            if (refusal != null) {
                throw new CommandFailure(refusal);
            }
        }
    }

    private static int mostApplied(List<StatusClient.Answer> answers, NodeStatusReply leader) {
        return answers.stream()
                .filter(answer -> answer.reply() != null)
                .map(LeaderCommand::reply)
                .filter(reply -> reply.getNode() != leader.getNode()
                        && leader.getConnectedList().contains(reply.getNode())
                        && reply.getHalted().isEmpty())
                .max(Comparator.comparingLong(NodeStatusReply::getAppliedSlot))
                .orElseThrow(() -> new CommandFailure("no other member that answers has contact with the leader"))
                .getNode();
    }

    private static NodeStatusReply reply(StatusClient.Answer answer) {
        NodeStatusReply reply = answer.reply();
        if (reply == null) {
            throw new IllegalStateException(answer.endpoint() + " does not answer");
        }
        return reply;
    }
}
