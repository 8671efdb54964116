package io.loggos.multicast.group.core.viewchange;

import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Flush;
import io.loggos.multicast.group.core.model.GroupMessage.Flushed;
import io.loggos.multicast.group.core.model.GroupMessage.Install;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to end a view and begin the next: flush, agree, cut, install.
 *
 * <p>It is over when it has installed, or when another attempt begins. A cut that a survivor has acknowledged in an
 * earlier attempt may have been acted on, so it is adopted as it is (RULES.md V-6).
 */
public final class Coordinator {
    private enum Phase {
        FLUSHING,
        AGREEING,
        /** An earlier attempt agreed on the next view; the agreement is asked if that still holds. */
        CONFIRMING,
        CUTTING,
        DONE
    }

    /** Services that the coordinator needs from its group. */
    public interface Host {
        /** Sends to a member, this one included. */
        void tell(Member member, GroupMessage message);

        /** Composes the next view, under a new id, from the reports of the survivors. */
        Next next(Map<Member, Flushed> digests);

        /** True if a majority of the cluster's nodes can be asked. */
        boolean hasMajority();

        void propose(Proposal proposal);

        /** Ends the membership, since the group has gone on another way. */
        void evict(String reason);
    }

    private final Host host;
    private final GroupView view;
    private final Attempt attempt;
    private final List<Member> survivors;
    private final Map<Member, Flushed> digests = new LinkedHashMap<>();
    private final Set<Member> trimmed = new LinkedHashSet<>();
    private final GroupSettings settings;
    private final long startNanos;
    /** Time from which an answer of the agreement is too late; 0 if it was not asked. */
    private long agreeUntilNanos;

    private boolean retried;
    private Phase phase = Phase.FLUSHING;
    private @Nullable Next next;
    private @Nullable Proposal asked;
    private @Nullable Trim trim;

    /** @param survivors the members that take part, by seniority */
    public Coordinator(
            Host host, GroupView view, Attempt attempt, List<Member> survivors, GroupSettings settings, long now) {
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

    public List<Member> survivors() {
        return survivors;
    }

    private boolean isAsking() {
        return phase == Phase.AGREEING || phase == Phase.CONFIRMING;
    }

    /**
     * True if the attempt has lasted too long. It has then failed, whatever answers still come, because grants may be
     * void by then.
     */
    public boolean isOverdue(long now) {
        return now - startNanos > settings.electionNanos() + (isAsking() ? settings.agreementNanos() : 0);
    }

    /** Repeats what was not answered. */
    public void prompt(long now) {
        switch (phase) {
            case FLUSHING -> tellMissing(new Flush(view.id(), attempt));
            case AGREEING -> {
                if (now >= agreeUntilNanos) {
                    trim(false);
                } else {
                    propose();
                }
            }
            case CONFIRMING -> propose();
            case CUTTING -> {
                if (trim != null) {
                    tellMissing(trim);
                }
            }
            case DONE -> {}
        }
    }

    private void tellMissing(GroupMessage message) {
        missing().forEach(member -> host.tell(member, message));
    }

    /** Survivors that have not answered the last request. */
    public List<Member> missing() {
        List<Member> missing = new ArrayList<>(survivors);
        if (phase == Phase.FLUSHING) {
            missing.removeAll(digests.keySet());
        } else if (phase == Phase.CUTTING) {
            missing.removeAll(trimmed);
        } else {
            missing.clear();
        }
        return missing;
    }

    public void onFlushed(Member member, Flushed flushed, long now) {
        if (phase != Phase.FLUSHING || !flushed.attempt().equals(attempt) || !survivors.contains(member)) {
            return;
        }
        digests.put(member, flushed);
        if (digests.size() == survivors.size()) {
            Trim acted = highestTrimmed();
            if (acted != null) {
                adopt(acted, now);
            } else {
                agree(now);
            }
        }
    }

    private @Nullable Trim highestTrimmed() {
        Trim highest = null;
        for (Flushed digest : digests.values()) {
            Trim trim = digest.trimmed();
            if (trim != null && (highest == null || trim.attempt().compareTo(highest.attempt()) > 0)) {
                highest = trim;
            }
        }
        return highest;
    }

    /** Completes an earlier attempt: with its cut, its survivors and its next view. */
    private void adopt(Trim acted, long now) {
        List<Member> still = new ArrayList<>(acted.survivors());
        still.retainAll(survivors);
        // Only the survivors of that cut can acknowledge it; the others of this attempt are left behind.
        survivors.stream().filter(member -> !still.contains(member)).forEach(trimmed::add);
        trim = new Trim(
                view.id(),
                attempt,
                acted.survivors(),
                digestsOf(acted.survivors(), acted),
                acted.union(),
                acted.next());
        next = acted.next();
        if (next.view().primary()
                && (settings.grantsLapse() || still.size() < acted.survivors().size())) {
            // The missing survivors may not have acknowledged it, and may have gone another way, which may be primary
            // too. All the others may have as well, once the grants are void.
            phase = Phase.CONFIRMING;
            agreeUntilNanos = now + settings.agreementNanos();
            propose();
        } else {
            begin(trim);
        }
    }

    private void propose() {
        if (next != null) {
            List<Member> going = new ArrayList<>(survivors);
            going.retainAll(trim == null ? next.view().members() : trim.survivors());
            going.retainAll(next.view().members());
            asked = new Proposal(next.view(), view.id(), attempt, going);
            host.propose(asked);
        }
    }

    private void agree(long now) {
        next = host.next(digests);
        if (!next.view().primary() || !host.hasMajority()) {
            trim(false);
            return;
        }
        phase = Phase.AGREEING;
        agreeUntilNanos = agreeUntilNanos == 0 ? now + settings.agreementNanos() : agreeUntilNanos;
        propose();
    }

    /**
     * Takes the answer of the agreement. A late answer is ignored.
     *
     * @param mayRetry whether another id could be granted
     */
    public void onAgreed(Proposal proposal, boolean primary, boolean mayRetry, long now) {
        if (!isAsking() || !proposal.equals(asked) || now >= agreeUntilNanos) {
            return;
        }
        if (trim != null) {
            confirmed(trim, primary);
        } else if (primary) {
            trim(true);
        } else if (mayRetry && !retried) {
            // Only once: two coordinators that ask at the same time would go on outbidding each other.
            retried = true;
            agree(now);
        } else {
            trim(false);
        }
    }

    private void confirmed(Trim adopted, boolean primary) {
        if (primary) {
            begin(adopted);
        } else {
            host.evict("others went on without this member");
        }
    }

    private void trim(boolean primary) {
        if (next == null) {
            throw new IllegalStateException("a trim before what comes next");
        }
        GroupView asked = next.view();
        GroupView decided = new GroupView(asked.id(), asked.members(), primary, primary ? asked.id() : asked.base());
        begin(new Trim(
                view.id(),
                attempt,
                survivors,
                digestsOf(survivors, null),
                RaggedTrim.union(view.size(), digests.values()),
                new Next(decided, next.newcomers(), next.origins(), next.into())));
    }

    /**
     * Packets that each of these members has. A member that has not reported has no clock: it neither gives nor gets
     * packets.
     *
     * @param acted the adopted cut, if there is one: a member that acknowledged it has all of it
     */
    private List<VectorClock> digestsOf(List<Member> members, @Nullable Trim acted) {
        List<VectorClock> result = new ArrayList<>();
        for (Member member : members) {
            Flushed digest = digests.get(member);
            Trim theirs = digest == null ? null : digest.trimmed();
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

    private void begin(Trim decided) {
        trim = decided;
        phase = Phase.CUTTING;
        for (Member member : decided.survivors()) {
            if (survivors.contains(member)) {
                host.tell(member, decided);
            }
        }
        settle();
    }

    public void onTrimmed(Member member, GroupMessage.Trimmed ack) {
        if (phase == Phase.CUTTING && ack.attempt().equals(attempt) && survivors.contains(member)) {
            trimmed.add(member);
            settle();
        }
    }

    private void settle() {
        Trim decided = trim;
        if (phase != Phase.CUTTING || decided == null || !trimmed.containsAll(survivors)) {
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
