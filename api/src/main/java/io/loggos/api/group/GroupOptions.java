package io.loggos.api.group;

import io.loggos.api.InvalidOptionsException;
import io.loggos.api.OverloadPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one node takes part in one group. All members must agree on {@code partitionPolicy} and on whether there is a
 * {@code state}; who differs is refused.
 *
 * @param ordering the order of {@link Group#multicast(io.loggos.api.Bytes)}
 * @param delivery and when it delivers
 * @param partitionPolicy what happens in a view that is not primary
 * @param relay how messages of failed members reach all others
 * @param maxMessageBytes the largest message
 * @param windowBytes how much this member may have under way that some member has not yet taken. A member keeps at
 *     the most this much for each other member, and as much again of its own that waits
 * @param overloadPolicy what a send does when as much as the window waits already
 * @param sendTimeout how long a send waits for room
 * @param slowMemberTimeout how long a member may hold up the others by not taking what was delivered to it, before it
 *     is excluded
 * @param agreement who decides which views are primary
 * @param state what newcomers are given
 */
public record GroupOptions(
        Ordering ordering,
        Delivery delivery,
        PartitionPolicy partitionPolicy,
        Relay relay,
        int maxMessageBytes,
        int windowBytes,
        OverloadPolicy overloadPolicy,
        Duration sendTimeout,
        Duration slowMemberTimeout,
        Agreement agreement,
        Optional<GroupState> state) {
    /** Who decides which views are primary. */
    public enum Agreement {
        /** A majority of the cluster's nodes acknowledges each; nothing is kept on disk. */
        MAJORITY,
        /** A replicated log does: there is one line of primary views whatever fails, and however often. */
        LOG
    }

    public GroupOptions {
        List<String> problems = new ArrayList<>();
        between(problems, "maxMessageBytes", maxMessageBytes, 1, 2 << 20);
        between(problems, "windowBytes", windowBytes, 64 << 10, 256 << 20);
        if (maxMessageBytes > windowBytes) {
            problems.add("maxMessageBytes is at most windowBytes");
        }
        between(problems, "sendTimeout in ms", sendTimeout.toMillis(), 1, 86_400_000);
        between(problems, "slowMemberTimeout in ms", slowMemberTimeout.toMillis(), 1, 86_400_000);
        if (!problems.isEmpty()) {
            throw new InvalidOptionsException(problems);
        }
    }

    /**
     * Delivery on receipt, nothing sent in a view that is not primary, messages to 1 MiB, a window of 4 MiB, sends that
     * wait for room for 10 s, members excluded that take nothing for 10 s, agreement by a majority, no state.
     */
    public static GroupOptions of(Ordering ordering) {
        return new GroupOptions(
                ordering,
                Delivery.ON_RECEIPT,
                PartitionPolicy.REFUSE,
                Relay.AT_VIEW_CHANGE,
                1 << 20,
                4 << 20,
                OverloadPolicy.WAIT,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Agreement.MAJORITY,
                Optional.empty());
    }

    private static void between(List<String> problems, String name, long value, long least, long most) {
        if (value < least || value > most) {
            problems.add(name + " is " + least + " to " + most + ", not " + value);
        }
    }

    /** These options with another delivery. */
    public GroupOptions withDelivery(Delivery newDelivery) {
        return new GroupOptions(
                ordering,
                newDelivery,
                partitionPolicy,
                relay,
                maxMessageBytes,
                windowBytes,
                overloadPolicy,
                sendTimeout,
                slowMemberTimeout,
                agreement,
                state);
    }

    /** These options with another policy for partitions. */
    public GroupOptions withPartitionPolicy(PartitionPolicy policy) {
        return new GroupOptions(
                ordering,
                delivery,
                policy,
                relay,
                maxMessageBytes,
                windowBytes,
                overloadPolicy,
                sendTimeout,
                slowMemberTimeout,
                agreement,
                state);
    }

    /** These options with another relay. */
    public GroupOptions withRelay(Relay newRelay) {
        return new GroupOptions(
                ordering,
                delivery,
                partitionPolicy,
                newRelay,
                maxMessageBytes,
                windowBytes,
                overloadPolicy,
                sendTimeout,
                slowMemberTimeout,
                agreement,
                state);
    }

    /** These options with other limits. */
    public GroupOptions withLimits(int messageBytes, int window) {
        return new GroupOptions(
                ordering,
                delivery,
                partitionPolicy,
                relay,
                messageBytes,
                window,
                overloadPolicy,
                sendTimeout,
                slowMemberTimeout,
                agreement,
                state);
    }

    /** These options with another policy for a send that finds no room, and the longest it waits. */
    public GroupOptions withOverload(OverloadPolicy policy, Duration timeout) {
        return new GroupOptions(
                ordering,
                delivery,
                partitionPolicy,
                relay,
                maxMessageBytes,
                windowBytes,
                policy,
                timeout,
                slowMemberTimeout,
                agreement,
                state);
    }

    /** These options with another patience with slow members. */
    public GroupOptions withSlowMemberTimeout(Duration timeout) {
        return new GroupOptions(
                ordering,
                delivery,
                partitionPolicy,
                relay,
                maxMessageBytes,
                windowBytes,
                overloadPolicy,
                sendTimeout,
                timeout,
                agreement,
                state);
    }

    /** These options with another agreement on primary views. */
    public GroupOptions withAgreement(Agreement newAgreement) {
        return new GroupOptions(
                ordering,
                delivery,
                partitionPolicy,
                relay,
                maxMessageBytes,
                windowBytes,
                overloadPolicy,
                sendTimeout,
                slowMemberTimeout,
                newAgreement,
                state);
    }

    /** These options with a state that newcomers are given. */
    public GroupOptions withState(GroupState newState) {
        return new GroupOptions(
                ordering,
                delivery,
                partitionPolicy,
                relay,
                maxMessageBytes,
                windowBytes,
                overloadPolicy,
                sendTimeout,
                slowMemberTimeout,
                agreement,
                Optional.of(newState));
    }
}
