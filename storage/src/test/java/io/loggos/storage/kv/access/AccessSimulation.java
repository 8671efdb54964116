package io.loggos.storage.kv.access;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.AccessException.Reason;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.access.Permission;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.Consistency;
import io.loggos.storage.kv.KeyValueStateMachine;
import io.loggos.storage.kv.SynchronousReplica;
import io.loggos.storage.kv.UserThreads;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import io.loggos.testkit.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run of random users, who change the rules and read and write keys in each other's names, with identities that may be
 * old. Each answer is compared with the model, and after each refusal the state must be what it was.
 */
public final class AccessSimulation {
    private static final int STEPS = 400;
    private static final List<String> USERS = List.of("root", "ann", "bob", "eve");
    private static final List<String> ROLES = List.of("root", "one", "two");

    private final Random random;
    private final Path directory;
    private final AccessModel model = new AccessModel();
    private final KeyValueStateMachine machine = new KeyValueStateMachine(new MemoryOrderedStore());
    private final KeyValueStore store = UserThreads.store(new SynchronousReplica(machine), machine);
    private int checkpoints;
    private int refusals;

    private AccessSimulation(long seed, Path directory) {
        this.random = new Random(seed);
        this.directory = directory;
    }

    /** Runs seeds, and returns the first predicate that does not hold, or an empty text. */
    public static String firstViolation(long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try {
                run(seed);
            } catch (RuntimeException e) {
                return e.getMessage() + " (seed " + seed + ")";
            }
        }
        return "";
    }

    /** Runs a seed. Returns the number of refusals. */
    static int run(long seed) {
        try {
            Path directory = Files.createTempDirectory("access");
            AccessSimulation run = new AccessSimulation(seed, directory);
            try {
                return run.run();
            } finally {
                run.store.close();
                try (Stream<Path> files = Files.walk(directory)) {
                    files.sorted(Comparator.reverseOrder())
                            .forEach(file -> file.toFile().delete());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int run() throws IOException {
        for (int step = 0; step < STEPS; step++) {
            int kind = random.nextInt(20);
            if (kind < 8) {
                change();
            } else if (kind == 8) {
                restart();
            } else if (kind == 9) {
                token();
            } else if (kind < 13) {
                lease();
            } else {
                operate();
            }
            Violation.unless(
                    store.access().localStatus().revision() == model.revision
                            && store.access().localStatus().enabled() == model.enabled,
                    "rules are at their revision",
                    () -> store.access().localStatus() + " and not " + model.enabled + " " + model.revision);
        }
        return refusals;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Identity who() {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return Identity.NOBODY;
        }
        return new Identity(one(USERS), Math.max(1, kind == 1 ? model.revision - 1 : model.revision));
    }

    private Bytes key() {
        return Bytes.utf8(Character.toString((char) ('a' + random.nextInt(8))));
    }

    private KeyRange range() {
        return switch (random.nextInt(6)) {
            case 0 -> KeyRange.from(key());
            case 1, 2 -> {
                Bytes first = key();
                Bytes end = key();
                yield first.compareTo(end) < 0 ? KeyRange.between(first, end) : KeyRange.single(first);
            }
            default -> KeyRange.single(key());
        };
    }

    private void change() {
        Identity who = random.nextInt(3) == 0 ? who() : new Identity("root", model.revision);
        AccessCommand command = command();
        Reason expected = model.adminRefusal(who);
        if (expected == null) {
            expected = model.change(command);
        }
        compare(who + " " + command, expected, AccessRequests.ask(store.as(who), command));
    }

    private AccessCommand command() {
        String user = one(USERS);
        String role = one(ROLES);
        return switch (random.nextInt(14)) {
            case 0 -> random.nextInt(4) == 0 ? new AccessCommand.Disable() : new AccessCommand.Enable();
            case 1, 2 -> new AccessCommand.AddUser(user, "hash");
            case 3 ->
                random.nextInt(3) == 0
                        ? new AccessCommand.DeleteUser(user)
                        : new AccessCommand.ChangePassword(user, "other");
            case 4, 5, 6 -> new AccessCommand.GrantRole(user, roleFor(user));
            case 7 -> new AccessCommand.RevokeRole(user, role);
            case 8 -> new AccessCommand.AddRole(role);
            case 9 -> random.nextInt(4) == 0 ? new AccessCommand.DeleteRole(role) : new AccessCommand.AddRole(role);
            case 10 -> new AccessCommand.Revoke(role, range());
            default ->
                new AccessCommand.Grant(
                        role,
                        new Permission(
                                one(List.of(Permission.Kind.values())),
                                random.nextBoolean() ? range() : touching(role)));
        };
    }

    /** Returns a role for a user. Few get the role root besides the user root, or nobody would be refused anything. */
    private String roleFor(String user) {
        if (random.nextInt(8) == 0) {
            return one(ROLES);
        }
        return user.equals("root") ? user : one(ROLES.subList(1, ROLES.size()));
    }

    /** Returns a range that begins where one of the role ends, if there is such. */
    private KeyRange touching(String role) {
        List<Permission> granted = model.roles.getOrDefault(role, List.of());
        Bytes from = granted.isEmpty() ? null : one(granted).keys().end();
        Bytes end = key();
        return from == null || from.compareTo(end) >= 0 ? range() : KeyRange.between(from, end);
    }

    /** Returns a range to read or write; often one that two grants hold together. */
    private KeyRange wanted() {
        List<Permission> granted = model.roles.getOrDefault(one(ROLES), List.of());
        if (granted.isEmpty() || random.nextBoolean()) {
            return range();
        }
        Bytes first = one(granted).keys().first();
        Bytes end = one(granted).keys().end();
        return end == null || first.compareTo(end) >= 0 ? range() : KeyRange.between(first, end);
    }

    /** Reads, writes or both, directly or in a transaction. */
    private void operate() {
        Identity who = who();
        KeyValueStore mine = store.as(who);
        Operation operation = operation(0);
        Reason expected = refusal(who, operation);
        CompletableFuture<?> asked;
        if (operation instanceof Operation.Put put) {
            asked = mine.put(put);
        } else if (operation instanceof Operation.Delete delete) {
            asked = mine.delete(delete);
        } else if (operation instanceof Operation.Range range) {
            asked = mine.range(one(List.of(Consistency.LINEARIZABLE, Consistency.LOCAL)), range);
        } else {
            asked = mine.transact((Operation.Transaction) operation);
        }
        compare(who + " " + operation, expected, asked);
        if (expected == null) {
            note(operation);
        }
    }

    private Operation operation(int depth) {
        return switch (random.nextInt(depth < 2 ? 5 : 4)) {
            case 0, 1 -> new Operation.Put(key(), Bytes.utf8("value"), 0, random.nextBoolean(), false, false);
            case 2 -> new Operation.Delete(wanted(), random.nextBoolean());
            case 3 -> Operation.Range.of(wanted());
            default -> {
                List<Compare> compares = random.nextBoolean()
                        ? List.of()
                        : List.of(
                                new Compare(range(), Compare.Target.VERSION, Compare.Relation.GREATER, 0, Bytes.EMPTY));
                // One operation in a branch, since two may contradict each other.
                List<Operation> then = random.nextBoolean() ? List.of() : List.of(operation(depth + 1));
                yield new Operation.Transaction(compares, then, List.of(operation(depth + 1)));
            }
        };
    }

    /** Returns the first refusal in the order of the checks, or null. */
    private @Nullable Reason refusal(Identity who, Operation operation) {
        List<Reason> all = new ArrayList<>();
        collect(who, operation, all);
        return all.isEmpty() ? null : all.get(0);
    }

    private void collect(Identity who, Operation operation, List<Reason> all) {
        if (operation instanceof Operation.Put put) {
            add(all, model.refusal(who, KeyRange.single(put.key()), true));
            for (Bytes key : model.leased.getOrDefault(put.lease(), Set.of())) {
                add(all, model.refusal(who, KeyRange.single(key), true));
            }
            add(all, put.previous() ? model.refusal(who, KeyRange.single(put.key()), false) : null);
        } else if (operation instanceof Operation.Delete delete) {
            add(all, model.refusal(who, delete.keys(), true));
            add(all, delete.previous() ? model.refusal(who, delete.keys(), false) : null);
        } else if (operation instanceof Operation.Range range) {
            add(all, model.refusal(who, range.keys(), false));
        } else if (operation instanceof Operation.Transaction transaction) {
            transaction.compares().forEach(each -> add(all, model.refusal(who, each.keys(), false)));
            transaction.then().forEach(each -> collect(who, each, all));
            transaction.otherwise().forEach(each -> collect(who, each, all));
        }
    }

    private static void add(List<Reason> all, @Nullable Reason refusal) {
        if (refusal != null) {
            all.add(refusal);
        }
    }

    /** Forgets leases of keys that may have been changed. */
    private void note(Operation operation) {
        if (operation instanceof Operation.Put put) {
            model.leased.values().forEach(keys -> keys.remove(put.key()));
        } else if (operation instanceof Operation.Delete delete) {
            model.leased.values().forEach(keys -> keys.removeIf(delete.keys()::contains));
        } else if (operation instanceof Operation.Transaction) {
            // Either branch may have run, so the leases are asked for.
            model.leased.forEach((lease, keys) -> {
                Set<Bytes> left = new HashSet<>(machineKeys(lease));
                keys.retainAll(left);
            });
        }
    }

    private List<Bytes> machineKeys(long lease) {
        boolean was = model.enabled;
        return was
                ? List.copyOf(model.leased.getOrDefault(lease, Set.of()).stream()
                        .filter(key -> leaseOf(key) == lease)
                        .toList())
                : store.leases().timeToLive(lease, true).join().keys();
    }

    /** Reads the lease of a key in the name of root, or of a machine that is asked at its own place. */
    private long leaseOf(Bytes key) {
        return store
                .as(new Identity("root", model.revision))
                .range(Consistency.LOCAL, Operation.Range.of(KeyRange.single(key)))
                .join()
                .value()
                .keyValues()
                .stream()
                .mapToLong(each -> each.lease())
                .findFirst()
                .orElse(0);
    }

    /** Grants a lease, attaches a key to it, or ends it. */
    private void lease() {
        Identity who = who();
        long lease = 1L + random.nextInt(3);
        if (!model.leased.containsKey(lease)) {
            CompletableFuture<?> granted = store.as(who).leases().grant(lease, Duration.ofDays(1));
            compare("grant", null, granted);
            model.leased.put(lease, new HashSet<>());
            return;
        }
        if (random.nextInt(6) == 0) {
            Reason expected = null;
            for (Bytes key : model.leased.get(lease)) {
                expected = expected == null ? model.refusal(who, KeyRange.single(key), true) : expected;
            }
            compare(who + " revokes " + lease, expected, store.as(who).leases().revoke(lease));
            if (expected == null) {
                model.leased.remove(lease);
            }
            return;
        }
        Operation.Put put = Operation.Put.of(key(), Bytes.utf8("leased")).attachedTo(lease);
        Reason expected = refusal(who, put);
        compare(who + " " + put, expected, store.as(who).put(put));
        if (expected == null) {
            model.leased.values().forEach(keys -> keys.remove(put.key()));
            model.leased.get(lease).add(put.key());
        }
    }

    /** Issues a token, and looks if it is known as long as it should be. */
    private void token() {
        Identity who = who();
        Reason expected = null;
        if (!model.enabled) {
            expected = Reason.NOT_ENABLED;
        } else if (who.revision() != model.revision) {
            expected = Reason.OLD_REVISION;
        } else if (!model.users.containsKey(who.user())) {
            expected = Reason.AUTHENTICATION_FAILED;
        }
        compare(who + " gets a token", expected, store.access().issue(who, "token"));
    }

    private void restart() throws IOException {
        Path place = Files.createDirectories(directory.resolve("checkpoint-" + checkpoints++));
        machine.checkpoint().writeTo(place);
        // Only now, since a digest also writes what is missing in the rows.
        Bytes before = machine.digest();
        machine.restore(place);
        Violation.unless(machine.digest().equals(before), "a checkpoint holds the rules", () -> "another digest");
    }

    private void compare(String what, @Nullable Reason expected, CompletableFuture<?> asked) {
        Reason seen = null;
        try {
            asked.join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof AccessException refused)) {
                throw e;
            }
            seen = refused.reason();
            refusals++;
        }
        Reason got = seen;
        Violation.unless(
                got == expected, "decisions are those of the model", () -> what + ": " + got + " and not " + expected);
    }
}
