package io.loggos.multicast.group.core;

import io.loggos.multicast.group.core.GroupMessage.Cut;
import io.loggos.multicast.group.core.GroupMessage.Flush;
import io.loggos.multicast.group.core.GroupMessage.Flushed;
import io.loggos.multicast.group.core.GroupMessage.Install;
import io.loggos.multicast.group.core.GroupMessage.Next;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to end a view and begin the next: flush, agree, cut, install. It is over when it has installed, or when
 * another attempt begins. A cut that a survivor has acknowledged in an earlier attempt may have been acted on, so it is
 * adopted as it is (rules V-6).
 */
final class Coordinator {
    private enum Phase {
        FLUSHING,
        AGREEING,
        /** An earlier attempt agreed on what comes next; whether that still holds, is asked. */
        CONFIRMING,
        CUTTING,
        DONE
    }

    /** What the coordinator asks of its group. */
    interface Host {
        /** Sends to a member, this one included. */
        void tell(Member member, GroupMessage message);

        /** Puts together what comes next, under a new id, given what the survivors have reported. */
        Next next(Map<Member, Flushed> digests);

        /** Whether a majority of the cluster's nodes can be asked. */
        boolean hasMajority();

        void propose(Proposal proposal);

        /** The group has gone on another way. */
        void evict(String reason);
    }

    private final Host host;
    private final GroupView view;
    private final Attempt attempt;
    private final List<Member> survivors;
    private final Map<Member, Flushed> digests = new LinkedHashMap<>();
    private final Set<Member> acknowledged = new LinkedHashSet<>();
    private final GroupSettings settings;
    private final long startNanos;
    /** From then on an answer of the agreement is too late; 0 if it was not asked. */
    private long agreeUntilNanos;

    private boolean retried;
    private Phase phase = Phase.FLUSHING;
    private @Nullable Next next;
    private @Nullable Proposal asked;
    private @Nullable Cut cut;

    /** @param survivors the members that take part, by seniority */
    Coordinator(Host host, GroupView view, Attempt attempt, List<Member> survivors, GroupSettings settings, long now) {
        this.host = host;
        this.view = view;
        this.attempt = attempt;
        this.survivors = List.copyOf(survivors);
        this.settings = settings;
        this.startNanos = now;
    }

    Attempt attempt() {
        return attempt;
    }

    List<Member> survivors() {
        return survivors;
    }

    private boolean isAsking() {
        return phase == Phase.AGREEING || phase == Phase.CONFIRMING;
    }

    /**
     * Whether it has lasted too long, and has failed whatever is said of it from now on: what was granted to it may be void
     * by then.
     */
    boolean isOverdue(long now) {
        return now - startNanos > settings.electionNanos() + (isAsking() ? settings.agreementNanos() : 0);
    }

    /** Says again what was not answered. */
    void prompt(long now) {
        switch (phase) {
            case FLUSHING -> tellMissing(new Flush(view.id(), attempt));
            case AGREEING -> {
                if (now >= agreeUntilNanos) {
                    cut(false);
                } else {
                    propose();
                }
            }
            case CONFIRMING -> propose();
            case CUTTING -> {
                if (cut != null) {
                    tellMissing(cut);
                }
            }
            case DONE -> {}
        }
    }

    private void tellMissing(GroupMessage message) {
        missing().forEach(member -> host.tell(member, message));
    }

    /** Who has not answered what was asked last. */
    List<Member> missing() {
        List<Member> missing = new ArrayList<>(survivors);
        if (phase == Phase.FLUSHING) {
            missing.removeAll(digests.keySet());
        } else if (phase == Phase.CUTTING) {
            missing.removeAll(acknowledged);
        } else {
            missing.clear();
        }
        return missing;
    }

    void onFlushed(Member member, Flushed flushed, long now) {
        if (phase != Phase.FLUSHING
                || !flushed.attempt().equals(attempt)
                || !survivors.contains(member)
                || !isSound(flushed)) {
            return;
        }
        digests.put(member, flushed);
        if (digests.size() == survivors.size()) {
            Cut acted = highestAcknowledged();
            if (acted != null) {
                adopt(acted, now);
            } else {
                agree(now);
            }
        }
    }

    private boolean isSound(Flushed flushed) {
        return flushed.received().size() == view.size()
                && flushed.held().stream()
                        .allMatch(held ->
                                held.origin() < view.size() && held.stamp().size() == view.size());
    }

    private @Nullable Cut highestAcknowledged() {
        Cut highest = null;
        for (Flushed digest : digests.values()) {
            Cut cut = digest.acknowledged();
            if (cut != null && (highest == null || cut.attempt().compareTo(highest.attempt()) > 0)) {
                highest = cut;
            }
        }
        return highest;
    }

    /** Brings an earlier attempt to its end: with its cut, its survivors and its next view. */
    private void adopt(Cut acted, long now) {
        List<Member> still = new ArrayList<>(acted.survivors());
        still.retainAll(survivors);
        // Only those who belong to that cut can acknowledge it; the others of this attempt are left behind.
        survivors.stream().filter(member -> !still.contains(member)).forEach(acknowledged::add);
        cut = new Cut(
                view.id(),
                attempt,
                acted.survivors(),
                digestsOf(acted.survivors(), acted),
                acted.union(),
                acted.through(),
                acted.next());
        next = acted.next();
        if (next.view().primary()
                && (settings.grantsLapse() || still.size() < acted.survivors().size())) {
            // Those who are missing may not have acknowledged it, and have gone another way, which may be primary as
            // well; and so may all others, once what was granted is void.
            phase = Phase.CONFIRMING;
            agreeUntilNanos = now + settings.agreementNanos();
            propose();
        } else {
            begin(cut);
        }
    }

    private void propose() {
        if (next != null) {
            List<Member> going = new ArrayList<>(survivors);
            going.retainAll(cut == null ? next.view().members() : cut.survivors());
            going.retainAll(next.view().members());
            asked = new Proposal(next.view(), view.id(), attempt, going);
            host.propose(asked);
        }
    }

    private void agree(long now) {
        next = host.next(digests);
        if (!next.view().primary() || !host.hasMajority()) {
            cut(false);
            return;
        }
        phase = Phase.AGREEING;
        agreeUntilNanos = agreeUntilNanos == 0 ? now + settings.agreementNanos() : agreeUntilNanos;
        propose();
    }

    /**
     * The agreement has answered. An answer that is late counts for none.
     *
     * @param mayRetry whether another id could be granted
     */
    void onAgreed(Proposal proposal, boolean primary, boolean mayRetry, long now) {
        if (!isAsking() || !proposal.equals(asked) || now >= agreeUntilNanos) {
            return;
        }
        if (cut != null) {
            confirmed(cut, primary);
        } else if (primary) {
            cut(true);
        } else if (mayRetry && !retried) {
            // Once: two that ask at the same time would go on outbidding each other.
            retried = true;
            agree(now);
        } else {
            cut(false);
        }
    }

    private void confirmed(Cut adopted, boolean primary) {
        if (primary) {
            begin(adopted);
        } else {
            host.evict("others went on without this member");
        }
    }

    private void cut(boolean primary) {
        if (next == null) {
            throw new IllegalStateException("a cut before what comes next");
        }
        GroupView asked = next.view();
        GroupView decided = new GroupView(asked.id(), asked.members(), primary, primary ? asked.id() : asked.base());
        VectorClock union = Cuts.union(view.size(), digests.values());
        begin(new Cut(
                view.id(),
                attempt,
                survivors,
                digestsOf(survivors, null),
                union,
                Cuts.close(union, digests.values()),
                new Next(decided, next.newcomers(), next.origins(), next.into())));
    }

    /**
     * What those have; no clock for who has not reported, which neither gives nor is given anything.
     *
     * @param acted the cut that is adopted, if one is: who has acknowledged that has all of it
     */
    private List<VectorClock> digestsOf(List<Member> members, @Nullable Cut acted) {
        List<VectorClock> result = new ArrayList<>();
        for (Member member : members) {
            Flushed digest = digests.get(member);
            Cut theirs = digest == null ? null : digest.acknowledged();
            if (digest == null) {
                result.add(VectorClock.NONE);
            } else if (acted != null
                    && theirs != null
                    && theirs.next().view().id().equals(acted.next().view().id())) {
                result.add(acted.union());
            } else {
                result.add(digest.received());
            }
        }
        return result;
    }

    private void begin(Cut decided) {
        cut = decided;
        phase = Phase.CUTTING;
        for (Member member : decided.survivors()) {
            if (survivors.contains(member)) {
                host.tell(member, decided);
            }
        }
        settle();
    }

    void onCutAck(Member member, GroupMessage.CutAck ack) {
        if (phase == Phase.CUTTING && ack.attempt().equals(attempt) && survivors.contains(member)) {
            acknowledged.add(member);
            settle();
        }
    }

    private void settle() {
        Cut decided = cut;
        if (phase != Phase.CUTTING || decided == null || !acknowledged.containsAll(survivors)) {
            return;
        }
        phase = Phase.DONE;
        Install install = new Install(view.id(), attempt, decided.survivors(), decided.next());
        Set<Member> told = new LinkedHashSet<>(view.members());
        told.addAll(decided.next().view().members());
        for (Member member : told) {
            host.tell(member, install);
        }
    }
}
