package io.loggos.storage.kv.access;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The comparison with the model is trusted because it catches each of these bugs, planted one at a time. */
class AccessMutantsTest {
    private static final int MOST_SEEDS = 60;

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "a command of an older revision of the rules is decided on by the present ones",
                        "AccessState.java",
                        "if (who.revision() != revision) {",
                        "if (who.revision() > revision) {"),
                new Mutant(
                        "nobody may do what everybody may while access control is off",
                        "AccessState.java",
                        "if (who.user().isEmpty() || who.revision() == 0) {",
                        "if (who.user().isEmpty()) { return new User(\"\", \"\", new java.util.TreeSet<>(java.util.Set.of("
                                + "\"root\"))); } else if (who.revision() == 0) {"),
                new Mutant(
                        "who may read may write",
                        "AccessState.java",
                        "(write ? known.writes() : known.reads())",
                        "known.reads()"),
                new Mutant(
                        "a change of the rules leaves what was computed from those before",
                        "AccessChange.java",
                        "return changed ? new AccessState(before.enabled, before.revision + 1, users, roles) : before;",
                        "return changed ? new AccessState(before.enabled, before.revision, users, roles) : before;"),
                new Mutant(
                        "the first key of a range decides",
                        "KeyRangeSet.java",
                        "return floor.getValue().isEmpty() || (end != null && reaches(floor.getValue(), end));",
                        "return true;"),
                new Mutant(
                        "a shorter range within a longer one ends it",
                        "KeyRangeSet.java",
                        "end.compareTo(other) >= 0 ? end : other;",
                        "end;"),
                new Mutant(
                        "ranges that touch are not one",
                        "KeyRangeSet.java",
                        "while (touching != null && reaches(touching.getValue(), first)) {",
                        "while (touching != null && !touching.getValue().equals(first) && reaches(touching.getValue(),"
                                + " first)) {"),
                new Mutant(
                        "comparisons need no right",
                        "OperationRights.java",
                        "state.checkRead(who, compare.keys());",
                        ""),
                new Mutant(
                        "the branch that would not run needs no right",
                        "OperationRights.java",
                        "transaction.otherwise().forEach(each -> check(state, who, each, leases));",
                        ""),
                new Mutant(
                        "the value before a deletion is shown to whoever may delete",
                        "OperationRights.java",
                        "if (delete.previous()) {",
                        "if (false) {"),
                new Mutant(
                        "a lease is ended by whoever may not delete its keys",
                        "KeyValueStateMachine.java",
                        "if (revoked != 0) {",
                        "if (false) {"),
                new Mutant(
                        "a key is attached to a lease whose other keys may not be written",
                        "OperationRights.java",
                        "if (put.lease() != 0) {",
                        "if (false) {"),
                new Mutant(
                        "only some keys of a lease are looked at",
                        "AccessRunner.java",
                        "for (Bytes key : keys) {",
                        "for (Bytes key : keys.subList(0, Math.min(1, keys.size()))) {"),
                new Mutant(
                        "reads of single keys are not decided on",
                        "KeyValueStateMachine.java",
                        "check(who, range);",
                        ""),
                new Mutant(
                        "the rules are missing from the checkpoint",
                        "KeyValueStateMachine.java",
                        "        access.store();\n        leases.store();\n        return versions.checkpoint();",
                        "        leases.store();\n        return versions.checkpoint();"),
                new Mutant("everybody changes the rules", "AccessRunner.java", "state.checkAdmin(named.who());", ""),
                new Mutant(
                        "the user root is deleted while it is needed",
                        "AccessChange.java",
                        "if (before.enabled && takesRootAway) {",
                        "if (false) {"),
                new Mutant(
                        "a role that is deleted stays with its users",
                        "AccessChange.java",
                        "with.roles().contains(name) ? with.without(name) : with",
                        "with"));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, AccessSimulation.class, 1, MOST_SEEDS);
    }
}
