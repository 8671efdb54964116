package io.loggos.paxos.runtime.members;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeId;
import io.loggos.api.member.Member.Role;
import io.loggos.api.member.MemberChange;
import io.loggos.api.member.MemberChangeException;
import io.loggos.api.member.MemberChangeException.Reason;
import io.loggos.api.member.Members;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.StateMachine;
import io.loggos.internal.loop.EventLoop;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Configuration.Member;
import io.loggos.paxos.members.MembersCommand;
import io.loggos.paxos.members.MembersCommand.Report;
import io.loggos.paxos.members.MembersState;
import io.loggos.paxos.members.Membership;
import io.loggos.paxos.members.NextMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log that decides the members, as one node uses it.
 *
 * <p>It proposes changes and this node's reports, and acts on what is decided: every log of the node is told the
 * configuration in which it shall stand. {@link MembersState} explains the steps of a change.
 */
public final class MembersLog {
    /** The name of the log, which is open once the members change for the first time. */
    public static final String LOG = "loggos.members";

    public static final LogId ID = LogId.ofName(LOG);

    private static final Logger LOGGER = LoggerFactory.getLogger(MembersLog.class);

    /** The logs of this node, as a change needs them. */
    public interface Logs {
        /** Reports all logs in which this node has a part, open or not, with the numbers of their configurations. */
        Report report(long incarnation, long number);

        /** Sets the configuration in which a log of this node shall stand. */
        void aim(LogId log, Configuration target);

        /** Sets the configuration in which all other logs of this node shall stand. */
        void aimAll(Configuration target);

        /** Tells if the replicas of these logs are open here, stand in this configuration, and have almost all slots. */
        boolean haveCaughtUp(Iterable<LogId> logs, long number);
    }

    private final ClusterMembers members;
    private final long incarnation;
    private final EventLoop loop;
    private final Logs logs;
    private final Connectivity connectivity;
    private final long pauseNanos;
    private final Supplier<@Nullable Replica> log;
    private final Runnable opening;
    private final MemberFutures futures;

    /** The last state that the log told; null before. */
    private @Nullable MembersState state;

    private @Nullable Report proposedReport;
    private long reportAgainNanos = Long.MIN_VALUE;
    private long promoteAgainNanos = Long.MIN_VALUE;
    private boolean looksAgain;

    /**
     * Creates the log's user on one node.
     *
     * @param log the replica of the log on this node; null while it is not open
     * @param opening opens the log, later
     * @param pauseNanos the time after which something is proposed again
     */
    public MembersLog(
            ClusterMembers members,
            long incarnation,
            EventLoop loop,
            Logs logs,
            Connectivity connectivity,
            long pauseNanos,
            Supplier<@Nullable Replica> log,
            Runnable opening,
            MemberFutures futures) {
        this.members = members;
        this.incarnation = incarnation;
        this.loop = loop;
        this.logs = logs;
        this.connectivity = connectivity;
        this.pauseNanos = pauseNanos;
        this.log = log;
        this.opening = opening;
        this.futures = futures;
    }

    /** Returns the state machine of a life of the log. */
    public StateMachine stateMachine() {
        return new MembersMachine(copy -> loop.submit(at -> {
            state = copy;
            look(at);
        }));
    }

    /** Takes the step that is possible now. Call it when a log of this node stands in another configuration. */
    public void look(long at) {
        MembersState now = state;
        if (now == null) {
            return;
        }
        Configuration decided = now.configuration();
        if (decided != null && decided.number() > members.get().present().number()) {
            members.enter(decided, now.catalogue(), at);
        }
        Configuration target = now.target();
        if (target != null && members.get().sealed() < target.number()) {
            members.seal(target.number(), at);
        }
        report(now, at);
        if (target != null && now.isReady()) {
            logs.aim(ID, target);
        }
        Configuration present = members.get().present();
        if (present.number() > 1) {
            logs.aimAll(present);
        }
        String missing = now.incomplete();
        boolean settled = decided != null && decided.number() == present.number() && missing == null;
        if (settled && members.get().previous() != null) {
            members.complete(at);
        }
        futures.waitsFor(target != null ? "the logs of a quorum of the nodes" : missing);
        if (settled) {
            futures.complete(present);
            promote(present, at);
        }
        if (target != null || missing != null || isJoining(present)) {
            lookAgain(at);
        }
    }

    private void lookAgain(long at) {
        if (!looksAgain) {
            looksAgain = true;
            loop.later(at + pauseNanos, later -> {
                looksAgain = false;
                look(later);
            });
        }
    }

    /** Reports the logs of this node, as long as the log has not taken the report. */
    private void report(MembersState now, long at) {
        Configuration target = now.target();
        if (target == null && now.incomplete() == null) {
            return;
        }
        long number = target == null ? now.number() : target.number();
        Report report = logs.report(incarnation, number);
        Replica replica = log.get();
        boolean waits = report.equals(proposedReport) && at < reportAgainNanos;
        if (replica != null && members.isMember() && !waits && !report.equals(now.reportOf(members.self()))) {
            proposedReport = report;
            reportAgainNanos = at + pauseNanos;
            CompletableFuture<?> unused = replica.propose(report.toBytes());
        }
    }

    private boolean isJoining(Configuration present) {
        Member own = present.member(members.self());
        return own != null && own.role() == Role.JOINING && members.isMember();
    }

    /** Lets this node vote, once it has everything. */
    private void promote(Configuration present, long at) {
        Replica replica = log.get();
        Member own = present.member(members.self());
        if (own == null
                || replica == null
                || !isJoining(present)
                || at < promoteAgainNanos
                || !logs.haveCaughtUp(members.get().catalogue().keySet(), present.number())) {
            return;
        }
        Configuration next = NextMembers.promoted(present, own);
        if (unreachable(next) == null) {
            promoteAgainNanos = at + 4 * pauseNanos;
            CompletableFuture<?> unused = replica.propose(new MembersCommand.Change(present, next).toBytes());
        }
    }

    /** Says which voters are not in contact, if the others are no quorum; else null. */
    private @Nullable String unreachable(Configuration next) {
        List<Integer> lacking = new ArrayList<>();
        for (NodeId voter : next.voters()) {
            if (!connectivity.connected(voter)) {
                lacking.add(voter.value());
            }
        }
        return next.isQuorum(next.voters().size() - lacking.size())
                ? null
                : "there is no contact with nodes " + lacking + ", and the others are no quorum of " + next.voters();
    }

    /** Changes the members. Any thread. */
    public CompletableFuture<Members> change(long expectedNumber, List<MemberChange> changes) {
        CompletableFuture<Members> future = new CompletableFuture<>();
        EventLoop.Step step = at -> {
            try {
                Configuration present = membersWithStores();
                if (present.number() != expectedNumber) {
                    throw new MemberChangeException(
                            Reason.CONFIG_CONFLICT,
                            "the configuration is number " + present.number() + " now, and not " + expectedNumber);
                }
                Configuration next = NextMembers.of(present, changes);
                String lacking = unreachable(next);
                if (lacking != null) {
                    throw new MemberChangeException(Reason.UNREACHABLE, lacking);
                }
                propose(new MembersCommand.Change(present, next), future);
            } catch (LoggosException e) {
                futures.fail(future, e);
            }
        };
        loop.submit(step.orElse(() -> futures.failClosed(future)));
        return future;
    }

    private Configuration membersWithStores() {
        Configuration present = members.withStores();
        for (Member member : present.members()) {
            if (member.incarnation() == 0) {
                throw new MemberChangeException(
                        Reason.BUSY, "the cluster has not formed: " + member.node() + " was not met");
            }
        }
        return present;
    }

    private void propose(MembersCommand.Change change, CompletableFuture<Members> future) {
        Replica replica = log.get();
        if (replica == null) {
            opening.run();
            EventLoop.Step again = at -> propose(change, future);
            EventLoop.Step wait = at -> loop.later(at + pauseNanos / 4, again.orElse(() -> futures.failClosed(future)));
            loop.submit(wait.orElse(() -> futures.failClosed(future)));
            return;
        }
        CompletableFuture<?> unused = replica.propose(change.toBytes())
                .whenComplete((result, failure) -> loop.submit(at -> {
                    if (failure != null) {
                        futures.fail(future, cause(failure));
                    } else if (!result.value().isEmpty()) {
                        String reason = result.value().toUtf8();
                        Reason kind = reason.startsWith("the configuration is") ? Reason.CONFIG_CONFLICT : Reason.BUSY;
                        futures.fail(future, new MemberChangeException(kind, reason));
                    } else {
                        futures.await(change.next().number(), future);
                        look(at);
                    }
                }));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Answers a node that wants to join. Any thread. */
    public Bytes join(Bytes request) {
        JoinRequest wish = JoinRequest.of(request);
        Membership now = members.get();
        Member same = now.present().member(wish.node());
        if (now.present().number() == 0 || !members.isMember()) {
            return new JoinRequest.Answer(null, "").toBytes();
        }
        if (same != null && members.isPresent(wish.node(), wish.incarnation())) {
            return now.present().number() == 1
                    ? new JoinRequest.Answer(null, wish.node() + " is a founder of the cluster").toBytes()
                    : new JoinRequest.Answer(now.forNewcomer(), "").toBytes();
        }
        String refusal = refusal(now, wish, same);
        if (refusal == null) {
            loop.submit(at -> admit(wish));
        }
        return new JoinRequest.Answer(null, Objects.requireNonNullElse(refusal, "")).toBytes();
    }

    private static @Nullable String refusal(Membership now, JoinRequest wish, @Nullable Member same) {
        if (now.removed().containsKey(wish.incarnation())) {
            return "REMOVED(" + now.removed().get(wish.incarnation())
                    + "): its store was a member, and is none any more";
        }
        if (same != null && wish.replaces() != wish.node().value()) {
            return wish.node() + " is a member, with another store. If that store is lost, join in place of "
                    + wish.node();
        }
        if (wish.replaces() != 0 && now.present().member(NodeId.of(wish.replaces())) == null) {
            return "there is no member " + wish.replaces() + " that it could replace";
        }
        return null;
    }

    private void admit(JoinRequest wish) {
        if (state != null && (state.target() != null || state.incomplete() != null)) {
            return;
        }
        try {
            Configuration present = membersWithStores();
            boolean ownPlace = wish.replaces() == wish.node().value();
            if (ownPlace && connectivity.connected(wish.node())) {
                return;
            }
            Member newcomer = new Member(
                    wish.node(),
                    wish.incarnation(),
                    wish.address(),
                    wish.learner() ? Role.LEARNER : Role.JOINING,
                    ownPlace ? 0 : wish.replaces());
            Configuration next = NextMembers.with(present, newcomer);
            if (unreachable(next) == null) {
                CompletableFuture<Members> ignored = new CompletableFuture<>();
                propose(new MembersCommand.Change(present, next), ignored);
            }
        } catch (LoggosException e) {
            LOGGER.debug("{} cannot join now", wish.node(), e);
        }
    }
}
