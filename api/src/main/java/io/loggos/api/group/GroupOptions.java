package io.loggos.api.group;

import io.loggos.api.NodeId;
import io.loggos.api.OverloadPolicy;
import io.loggos.internal.options.OptionChecks;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;

/**
 * Limits and policies of one node's membership in a group, made by a {@link #builder}.
 *
 * <p>The methods of {@link Builder} give the unit, the bounds and the default of each option. All members must agree on
 * {@code partitionPolicy}, and on the presence of a {@code state}. The group refuses a member that differs.
 *
 * @param ordering the order of {@link Group#multicast(io.loggos.api.Bytes)}
 * @param delivery the moment of its delivery
 * @param partitionPolicy the behaviour in a view that is not primary
 * @param relay the way in which messages of failed members reach all others
 * @param maxMessageBytes the size of the largest message
 * @param windowBytes the size of this member's messages on the way that some member has not yet taken. A member keeps
 *     at most this much for each other member, and as much again of its own messages that wait
 * @param overloadPolicy the reaction to a message for which there is no room, because {@code windowBytes} wait already
 * @param sendTimeout the time that a send waits for room under {@link OverloadPolicy#WAIT}
 * @param slowMemberTimeout the time that a member may hold up the others by not taking its messages. It is excluded
 *     then
 * @param agreement the authority that decides which views are primary
 * @param founders the nodes that found the group together; if empty, a majority of the nodes that are up does
 * @param foundingTimeout the time after which a member founds the group with those that have come
 * @param state the state that new members receive; empty for none
 * @param executor the executor that runs the listener and the state; empty for a thread of the group's own
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
        Set<NodeId> founders,
        Duration foundingTimeout,
        Optional<GroupState> state,
        Optional<Executor> executor) {
    /** The authority that decides which views are primary. */
    public enum Agreement {
        /** A majority of the cluster's nodes acknowledges each view. Nothing is kept on disk. */
        MAJORITY,
        /** A replicated log decides. There is one line of primary views, whatever fails and however often. */
        LOG
    }

    public GroupOptions {
        new OptionChecks()
                .between("maxMessageBytes", maxMessageBytes, 1, 2 << 20)
                .between("windowBytes", windowBytes, 64 << 10, 256 << 20)
                .require(maxMessageBytes <= windowBytes, "maxMessageBytes is at most windowBytes")
                .between("sendTimeout in ms", OptionChecks.millis(sendTimeout), 1, 86_400_000)
                .between("slowMemberTimeout in ms", OptionChecks.millis(slowMemberTimeout), 1, 86_400_000)
                .between("foundingTimeout in ms", OptionChecks.millis(foundingTimeout), 1, 86_400_000)
                .done();
        founders = Collections.unmodifiableSet(new TreeSet<>(founders));
    }

    /** Returns the options with this ordering and all defaults. */
    public static GroupOptions of(Ordering ordering) {
        return builder(ordering).build();
    }

    /** Returns a builder that holds this ordering and the defaults. */
    public static Builder builder(Ordering ordering) {
        return new Builder(ordering);
    }

    /** Returns a builder that holds these options. */
    public Builder toBuilder() {
        Builder builder = builder(ordering)
                .delivery(delivery)
                .partitionPolicy(partitionPolicy)
                .relay(relay)
                .maxMessageBytes(maxMessageBytes)
                .windowBytes(windowBytes)
                .overloadPolicy(overloadPolicy)
                .sendTimeout(sendTimeout)
                .slowMemberTimeout(slowMemberTimeout)
                .agreement(agreement)
                .founders(founders)
                .foundingTimeout(foundingTimeout);
        state.ifPresent(builder::state);
        executor.ifPresent(builder::executor);
        return builder;
    }

    /** Collects the options of a membership. Not safe for use by several threads. */
    public static final class Builder {
        private final Ordering ordering;
        private Delivery delivery = Delivery.ON_RECEIPT;
        private PartitionPolicy partitionPolicy = PartitionPolicy.REFUSE;
        private Relay relay = Relay.AT_VIEW_CHANGE;
        private int maxMessageBytes = 1 << 20;
        private int windowBytes = 4 << 20;
        private OverloadPolicy overloadPolicy = OverloadPolicy.WAIT;
        private Duration sendTimeout = Duration.ofSeconds(10);
        private Duration slowMemberTimeout = Duration.ofSeconds(10);
        private Agreement agreement = Agreement.MAJORITY;
        private Set<NodeId> founders = Set.of();
        private Duration foundingTimeout = Duration.ofSeconds(5);
        private Optional<GroupState> state = Optional.empty();
        private Optional<Executor> executor = Optional.empty();

        private Builder(Ordering ordering) {
            this.ordering = ordering;
        }

        /** Moment of delivery; by default {@link Delivery#ON_RECEIPT}. */
        public Builder delivery(Delivery moment) {
            delivery = moment;
            return this;
        }

        /** Behaviour in a view that is not primary; by default {@link PartitionPolicy#REFUSE}. */
        public Builder partitionPolicy(PartitionPolicy policy) {
            partitionPolicy = policy;
            return this;
        }

        /** Relay of the messages of failed members; by default {@link Relay#AT_VIEW_CHANGE}. */
        public Builder relay(Relay way) {
            relay = way;
            return this;
        }

        /** Largest message: 1 byte to 2 MiB and at most the window, by default 1 MiB. It must also fit into a frame. */
        public Builder maxMessageBytes(int bytes) {
            maxMessageBytes = bytes;
            return this;
        }

        /** Messages on the way: 64 KiB to 256 MiB, by default 4 MiB. At most half the buffer of a link. */
        public Builder windowBytes(int bytes) {
            windowBytes = bytes;
            return this;
        }

        /** Reaction to a message for which there is no room; by default {@link OverloadPolicy#WAIT}. */
        public Builder overloadPolicy(OverloadPolicy policy) {
            overloadPolicy = policy;
            return this;
        }

        /** Time that a send waits for room: 1 ms to 1 day, by default 10 s. */
        public Builder sendTimeout(Duration timeout) {
            sendTimeout = timeout;
            return this;
        }

        /** Time that a member may hold up the others: 1 ms to 1 day, by default 10 s. */
        public Builder slowMemberTimeout(Duration timeout) {
            slowMemberTimeout = timeout;
            return this;
        }

        /** Authority that decides which views are primary; by default {@link Agreement#MAJORITY}. */
        public Builder agreement(Agreement authority) {
            agreement = authority;
            return this;
        }

        /**
         * Nodes that must be in the first view; by default none is named.
         *
         * <p>Then the first view has all nodes that are up, or, after one election timeout, a majority of them. All members
         * should name the same nodes.
         */
        public Builder founders(Set<NodeId> nodes) {
            founders = Set.copyOf(nodes);
            return this;
        }

        /**
         * Time after which a member founds the group although founders are missing: 1 ms to 1 day, by default 5 s.
         */
        public Builder foundingTimeout(Duration timeout) {
            foundingTimeout = timeout;
            return this;
        }

        /**
         * State that new members receive; by default none.
         *
         * <p>A member that waits for the state holds up nobody. If more than a window for each node waits for it, it leaves
         * and tries again later, with room for twice as much each time, up to eight times as much. If the transfer takes
         * longer than that lasts, raise {@link #windowBytes}.
         */
        public Builder state(GroupState shared) {
            state = Optional.of(shared);
            return this;
        }

        /**
         * Executor that runs the listener and the state; by default a thread of the group's own.
         *
         * <p>The group gives it one task at a time, so the calls are one after the other. If it is a {@link
         * io.loggos.api.snapshot.Participant} of this node, the calls come between the steps of that participant. So
         * they may share data without a lock.
         */
        public Builder executor(Executor runner) {
            executor = Optional.of(runner);
            return this;
        }

        /**
         * Returns the checked options.
         *
         * @throws io.loggos.api.InvalidOptionsException listing everything that is wrong
         */
        public GroupOptions build() {
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
                    founders,
                    foundingTimeout,
                    state,
                    executor);
        }
    }
}
