package io.loggos.multicast.group.core.model;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupOptions.Agreement;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.ViewId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Message between nodes about one group. Each may come late, twice, or from a view long gone. */
public sealed interface GroupMessage
        permits Packet,
                GroupMessage.Join,
                GroupMessage.Leave,
                GroupMessage.Absent,
                GroupMessage.Presence,
                GroupMessage.Refused,
                GroupMessage.Received,
                GroupMessage.Stable,
                GroupMessage.Restored,
                GroupMessage.Suspect,
                GroupMessage.Flush,
                GroupMessage.Flushed,
                GroupMessage.Trim,
                GroupMessage.Trimmed,
                GroupMessage.Install,
                GroupMessage.Agree,
                GroupMessage.Agreed {
    /** A message that means something in one view only. */
    sealed interface InView permits Packet, Received, Stable, Restored, Suspect, Flush, Flushed, Trim, Trimmed {
        ViewId view();
    }

    /** Calls the handler's method for this message. */
    void dispatch(NodeId from, Handler handler);

    /**
     * Request of a node to become a member. Repeated until a view holds it.
     *
     * @param counter the highest of any view that it knows of: its next view is above that
     * @param stateful whether it takes over a state
     * @param from the view that it comes from if partitions merge, else null
     */
    record Join(
            Member member,
            long counter,
            PartitionPolicy policy,
            Agreement agreement,
            boolean stateful,
            @Nullable GroupView from)
            implements GroupMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onJoin(from, this);
        }
    }

    /** Request of a member to leave. Repeated until a view is without it. */
    record Leave(Member member) implements GroupMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onLeave(from, this);
        }
    }

    /**
     * Tells that no member of the sender's node up to this life takes part any more.
     *
     * <p>It answers whatever presumes such a member, and says goodbye when one is gone (RULES.md V-19).
     */
    record Absent(long throughLife) implements GroupMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onAbsent(from, this);
        }
    }

    /**
     * Tells the sender's part in the group; sent now and then to all nodes outside of its view, and to joiners.
     *
     * @param member the sender, if it takes part or wants to
     * @param view the view that it is in, if any
     */
    record Presence(@Nullable Member member, @Nullable GroupView view) implements GroupMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onPresence(from, this);
        }
    }

    /** Tells the receiver that it cannot take part. */
    record Refused(Member member, String reason) implements GroupMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onRefused(from, this);
        }
    }

    /**
     * Tells a sender how many of its packets this member has received.
     *
     * @param consumed how many count as taken, for the sender's credit
     * @param taken how many the application has taken: fewer while it waits for the state
     */
    record Received(ViewId view, long received, long consumed, long taken) implements GroupMessage, InView {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onReceived(from, this);
        }
    }

    /** Tells that every member has received the sender's packets up to this number. */
    record Stable(ViewId view, long received) implements GroupMessage, InView {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onStable(from, this);
        }
    }

    /** Tells that the sender, a newcomer of this view, has the state now. */
    record Restored(ViewId view) implements GroupMessage, InView {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onRestored(from, this);
        }
    }

    /** Tells the coordinator that a member holds up the others. */
    record Suspect(ViewId view, Member member) implements GroupMessage, InView {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onSuspect(from, this);
        }
    }

    /** The coordinator's request to the survivors of a view: freeze, and report what you have. */
    record Flush(ViewId view, Attempt attempt) implements GroupMessage, InView {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onFlush(from, this);
        }
    }

    /**
     * A frozen member's digest.
     *
     * @param received for each rank, how many of its packets it has received: it takes no more in this view
     * @param trimmed the cut that it acknowledged last, if any
     * @param hasState whether it has the state of the group, or none is needed
     */
    record Flushed(
            ViewId view,
            Attempt attempt,
            VectorClock received,
            @Nullable Trim trimmed,
            boolean hasState) implements GroupMessage, InView {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onFlushed(from, this);
        }
    }

    /**
     * Successor of a view.
     *
     * @param view the next view; with {@code into}, the members that move there
     * @param newcomers the members that have no state yet, and are given the one of the end of the old view
     * @param origins the view that each member comes from, for those that do not come from the old one
     * @param into the view that all of these join, if this view dissolves to merge with it
     */
    record Next(
            GroupView view,
            List<Member> newcomers,
            List<Origin> origins,
            @Nullable GroupView into) {
        public Next {
            newcomers = List.copyOf(newcomers);
            origins = List.copyOf(origins);
        }
    }

    /** A member and the view that it was in before. */
    record Origin(Member member, GroupView view) {}

    /**
     * Packets that all survivors have before they leave the view.
     *
     * @param survivors the members that take part
     * @param digests what each survivor had received, in their order; a packet that is missing comes from the first
     *     that has it
     * @param union for each rank, how many of its packets any survivor had; the part of it that has all its causes is
     *     delivered in the view
     */
    record Trim(
            ViewId view,
            Attempt attempt,
            List<Member> survivors,
            List<VectorClock> digests,
            VectorClock union,
            Next next)
            implements GroupMessage, InView {
        public Trim {
            survivors = List.copyOf(survivors);
            digests = List.copyOf(digests);
        }

        /** True if the coordinator of this attempt has the digest of a survivor. A cut that was adopted may lack it. */
        public boolean isReached(Member survivor) {
            int at = survivors.indexOf(survivor);
            return at >= 0 && digests.get(at).size() > 0;
        }

        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onTrim(from, this);
        }
    }

    /** Tells that a survivor has remembered the cut, and has every packet of it. */
    record Trimmed(ViewId view, Attempt attempt) implements GroupMessage, InView {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onTrimmed(from, this);
        }
    }

    /**
     * Tells that all survivors have acknowledged the cut: deliver it, and go on.
     *
     * @param view the view that ends
     * @param survivors the members that leave it together
     */
    record Install(ViewId view, Attempt attempt, List<Member> survivors, Next next) implements GroupMessage {
        public Install {
            survivors = List.copyOf(survivors);
        }

        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onInstall(from, this);
        }
    }

    /** Question to every node of the cluster: may this be the next primary view? */
    record Agree(Proposal proposal) implements GroupMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onAgree(from, this);
        }
    }

    /**
     * Answer to {@link Agree}.
     *
     * @param proposal what was asked
     * @param granted whether the view was the highest that this node was asked for
     * @param last the view that it had granted last before, or the higher one that stands against it
     */
    record Agreed(
            Proposal proposal, boolean granted, @Nullable GroupView last) implements GroupMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onAgreed(from, this);
        }
    }

    /** Handles messages of every kind. */
    interface Handler {
        void onPacket(NodeId from, Packet packet);

        void onJoin(NodeId from, Join join);

        void onLeave(NodeId from, Leave leave);

        void onAbsent(NodeId from, Absent absent);

        void onPresence(NodeId from, Presence presence);

        void onRefused(NodeId from, Refused refused);

        void onReceived(NodeId from, Received ack);

        void onStable(NodeId from, Stable stable);

        void onRestored(NodeId from, Restored restored);

        void onSuspect(NodeId from, Suspect suspect);

        void onFlush(NodeId from, Flush flush);

        void onFlushed(NodeId from, Flushed flushed);

        void onTrim(NodeId from, Trim trim);

        void onTrimmed(NodeId from, Trimmed ack);

        void onInstall(NodeId from, Install install);

        /** Answered for all groups of a node by {@code MajorityAgreement}. */
        default void onAgree(NodeId from, Agree agree) {}

        /** Taken for all groups of a node by {@code MajorityAgreement}. */
        default void onAgreed(NodeId from, Agreed agreed) {}
    }
}
