package io.loggos.storage.kv.lease;

import static io.loggos.testkit.Violation.unless;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.Operation;
import io.loggos.storage.kv.KeyValueStateMachine;
import io.loggos.storage.kv.operation.KeyValueCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The predicates of leases, checked at each slot that a replica applies, with true time and with a plain model. */
final class LeasePredicates {
    /** The factor by which a fast clock shortens a time to live. */
    private static final double RATE = 1.0102;
    /** A second, and the times that commands take here. */
    private static final long LATE_NANOS = 1_500 * SimLog.MILLI;

    private static final class Held {
        final double ttlNanos;
        long renewedNanos;

        Held(long ttlMillis) {
            ttlNanos = (double) ttlMillis * SimLog.MILLI;
        }
    }

    private final SimLog log;
    /** The answers and states of the replica that was the first to apply each slot. */
    private final List<String> first = new ArrayList<>();

    private final TreeMap<Long, Held> leases = new TreeMap<>();
    private final TreeMap<Bytes, Long> keys = new TreeMap<>();
    private long revision = 1;
    int expiries;

    LeasePredicates(SimLog log) {
        this.log = log;
    }

    /** Applies a slot at a replica, and checks it. */
    Bytes apply(SimNode node, int slot, SimLog.Entry entry, Supplier<Bytes> apply) {
        Bytes answer = apply.get();
        KeyValueStateMachine machine = node.machine();
        String seen = answer + " at " + machine.revision() + " with " + machine.stateDigest() + " and "
                + machine.leases().count() + " leases";
        if (slot < first.size()) {
            unless(
                    first.get(slot).equals(seen),
                    "SAME",
                    () -> "slot " + slot + ": " + seen + " instead of " + first.get(slot));
            return answer;
        }
        first.add(seen);
        if (LeaseCodec.isLeaseCommand(entry.command())) {
            step(machine, entry, LeaseCodec.decodeCommand(entry.command()), answer);
        } else {
            step(KeyValueCodec.decodeOperation(entry.command()), answer);
        }
        unless(machine.revision() == revision, "ONE-REVISION", () -> machine.revision() + " instead of " + revision);
        checkKeys(node);
        return answer;
    }

    private void step(KeyValueStateMachine machine, SimLog.Entry entry, LeaseCommand command, Bytes answer) {
        if (command instanceof LeaseCommand.Grant grant) {
            if (!isRefused(answer)) {
                Held held = new Held(((LeaseAnswer.Granted) LeaseCodec.decodeAnswer(answer)).ttlMillis());
                held.renewedNanos = log.nowNanos;
                leases.put(grant.id(), held);
            }
        } else if (command instanceof LeaseCommand.Revoke revoke) {
            unless(isRefused(answer) != leases.containsKey(revoke.id()), "REVOKE", () -> "a wrong answer");
            end(revoke.id());
        } else if (command instanceof LeaseCommand.Renew renew) {
            List<Long> ttls = ((LeaseAnswer.Renewed) LeaseCodec.decodeAnswer(answer)).ttlMillis();
            for (int i = 0; i < ttls.size(); i++) {
                Held held = leases.get(renew.ids().get(i));
                unless((held != null) == (ttls.get(i) > 0), "RENEW", () -> "a wrong answer");
                if (held != null) {
                    held.renewedNanos = log.nowNanos;
                }
            }
        } else if (command instanceof LeaseCommand.Expire) {
            for (long id : new TreeSet<>(leases.keySet())) {
                if (!machine.leases().exists(id)) {
                    expired(id, leases.get(id), entry);
                }
            }
        }
    }

    private void expired(long id, Held held, SimLog.Entry entry) {
        double least = held.ttlNanos / RATE;
        unless(
                log.nowNanos - held.renewedNanos >= least,
                "NEVER-EARLY",
                () -> "lease " + id + " after " + (log.nowNanos - held.renewedNanos) / SimLog.MILLI + " ms");
        unless(
                !log.ballot.equals(entry.proposedIn()) || log.nowNanos - log.electedNanos >= least,
                "NEW-LEADER",
                () -> "lease " + id + " expired " + (log.nowNanos - log.electedNanos) / SimLog.MILLI
                        + " ms after the election");
        expiries++;
        end(id);
    }

    private void end(long id) {
        if (leases.remove(id) != null && keys.values().removeIf(lease -> lease == id)) {
            revision++;
        }
    }

    private void step(Operation operation, Bytes answer) {
        if (operation instanceof Operation.Put put) {
            unless(isRefused(answer) == (put.lease() != 0 && !leases.containsKey(put.lease())), "PUT", put::toString);
            if (!isRefused(answer)) {
                keys.put(put.key(), put.keepLease() ? keys.get(put.key()) : put.lease());
                revision++;
            }
        } else if (keys.remove(((Operation.Delete) operation).keys().first()) != null) {
            revision++;
        }
    }

    /** No key is without its lease, and each lease has its keys. */
    private void checkKeys(SimNode node) {
        TreeMap<Bytes, Long> found = new TreeMap<>();
        for (KeyValue each : node.keyValues()) {
            found.put(each.key(), each.lease());
            unless(
                    each.lease() == 0 || node.machine().leases().exists(each.lease()),
                    "KEY-WITHOUT-LEASE",
                    () -> String.valueOf(each));
        }
        unless(found.equals(keys), "KEYS", () -> found + " instead of " + keys);
        TreeMap<Bytes, Long> expected = new TreeMap<>(keys);
        expected.values().removeIf(lease -> lease == 0);
        unless(node.attached().equals(expected), "ATTACHED", () -> node.attached() + " instead of " + expected);
    }

    /** No lease is there a second after its time, if nothing was wrong meanwhile. */
    void checkLate() {
        if (log.leader == null) {
            return;
        }
        for (Map.Entry<Long, Held> each : leases.entrySet()) {
            double since = Math.max(each.getValue().renewedNanos, log.disturbedNanos);
            unless(
                    log.nowNanos <= since + each.getValue().ttlNanos * RATE + LATE_NANOS,
                    "NOT-LATE",
                    () -> "lease " + each.getKey() + " is still there at " + log.nowNanos / SimLog.MILLI
                            + " ms, with " + each.getValue().ttlNanos / SimLog.MILLI + " ms from "
                            + (long) since / SimLog.MILLI);
        }
    }

    /** Checks that all replicas have the same state in the end. */
    void checkEnd() {
        Bytes digest = log.nodes.get(0).machine().digest();
        for (SimNode node : log.nodes) {
            unless(node.applied() == log.entries.size(), "SAME", () -> node.name() + " has not applied all");
            unless(node.machine().digest().equals(digest), "SAME", () -> node.name() + " has another state");
        }
    }

    private static boolean isRefused(Bytes answer) {
        try {
            if (LeaseCodec.isLeaseCommand(answer)) {
                return false;
            }
            KeyValueCodec.decodeAnswer(answer);
            return false;
        } catch (KeyValueException e) {
            return true;
        }
    }
}
