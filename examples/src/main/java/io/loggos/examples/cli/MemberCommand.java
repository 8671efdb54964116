package io.loggos.examples.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.loggos.api.Address;
import io.loggos.examples.cli.client.MemberClient;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.options.EndpointsOption;
import io.loggos.examples.etcd.proto.Member;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loggos member}: the members of a running cluster. */
@Command(
        name = "member",
        mixinStandardHelpOptions = true,
        description = {
            "Lists and changes the members of a running cluster.",
            "",
            "A new member adds itself: 'loggos server --join voter --peer ID=HOST:PORT'. With --replace it takes the"
                    + " place of another one, or its own after a lost disk."
        })
final class MemberCommand extends CommandGroup {
    private static final long LIST_MILLIS = 5_000;
    private static final long CHANGE_MILLIS = 60_000;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Prints the members and their addresses.")
    void list(@Mixin EndpointsOption where) {
        print(ask(where, LIST_MILLIS, MemberClient::list));
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Takes a member out, and waits until the others can do without it. It stops then.")
    void remove(@Mixin EndpointsOption where, @Parameters(paramLabel = "ID", description = "The member.") int id) {
        print(ask(where, CHANGE_MILLIS, client -> client.remove(id)));
    }

    @Command(name = "promote", mixinStandardHelpOptions = true, description = "Lets a learner vote.")
    void promote(@Mixin EndpointsOption where, @Parameters(paramLabel = "ID", description = "The member.") int id) {
        print(ask(where, CHANGE_MILLIS, client -> client.promote(id)));
    }

    @Command(name = "update", mixinStandardHelpOptions = true, description = "Tells the others a new address.")
    void update(
            @Mixin EndpointsOption where,
            @Parameters(index = "0", paramLabel = "ID", description = "The member.") int id,
            @Parameters(index = "1", paramLabel = "HOST:PORT", description = "Where other members reach it.")
                    String address) {
        Address parsed = Address.parse(address);
        print(ask(where, CHANGE_MILLIS, client -> client.update(id, parsed)));
    }

    /** Asks one member after the other, until one can be reached. */
    private static List<Member> ask(
            EndpointsOption where, long timeoutMillis, Function<MemberClient, List<Member>> question) {
        List<String> failures = new ArrayList<>();
        for (Address endpoint : where.parse()) {
            try (MemberClient client = new MemberClient(endpoint, where.connector(), timeoutMillis)) {
                return question.apply(client);
            } catch (StatusRuntimeException e) {
                failures.add(endpoint + ": " + MemberClient.reason(e));
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    break;
                }
            }
        }
        throw new CommandFailure(String.join("\n", failures));
    }

    private void print(List<Member> members) {
        PrintWriter out = out();
        for (Member member : members) {
            out.println(member.getName()
                    + (member.getIsLearner() ? " learner " : " voter ")
                    + String.join(",", member.getPeerURLsList()));
        }
        out.flush();
    }
}
