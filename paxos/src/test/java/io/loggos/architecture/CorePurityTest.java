package io.loggos.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The protocol is a function of its input. A class in a package {@code core} reaches no thread, lock, disk, socket,
 * clock, logger or unseeded random, and iterates over nothing whose order depends on hash codes. Otherwise a run of the
 * simulator could not be repeated from its seed.
 */
class CorePurityTest {
    private static final String CORE = "io.loggos..core..";
    private static final JavaClasses LIBRARY = new ClassFileImporter().importPaths(SourceTree.libraryClasses());

    private static final String[] OUTSIDE_WORLD = {
        "java.util.concurrent..",
        "java.util.logging..",
        "java.io..",
        "java.net..",
        "java.nio.channels..",
        "java.nio.file..",
        "io.grpc..",
        "io.micrometer..",
        "org.rocksdb..",
        "org.slf4j..",
    };

    private static final Class<?>[] THREADS_AND_CLOCKS = {
        Clock.class,
        Process.class,
        ProcessBuilder.class,
        Runtime.class,
        SecureRandom.class,
        System.Logger.class,
        Thread.class,
        ThreadLocal.class,
        Timer.class,
    };

    private static final int ANY_NUMBER = Integer.MAX_VALUE;

    private static final Set<String> HASH_ORDERED = Set.of(
            "java.util.HashMap",
            "java.util.HashSet",
            "java.util.Hashtable",
            "java.util.IdentityHashMap",
            "java.util.WeakHashMap");

    private static final Set<String> UNREPEATABLE = Set.of(
            "java.lang.Math.random",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.System.identityHashCode",
            "java.lang.System.nanoTime",
            "java.util.UUID.randomUUID",
            "java.util.random.RandomGenerator.getDefault");

    /** Methods that give a collection in hash order when called with fewer arguments than this. */
    private static final Map<String, Integer> HASH_ORDERED_FACTORIES = Map.ofEntries(
            entry("java.util.Map.copyOf", ANY_NUMBER),
            entry("java.util.Map.of", ANY_NUMBER),
            entry("java.util.Map.ofEntries", ANY_NUMBER),
            entry("java.util.Set.copyOf", ANY_NUMBER),
            entry("java.util.Set.of", ANY_NUMBER),
            entry("java.util.stream.Collectors.groupingBy", 3),
            entry("java.util.stream.Collectors.toMap", 4),
            entry("java.util.stream.Collectors.toSet", ANY_NUMBER),
            entry("java.util.stream.Collectors.toUnmodifiableMap", ANY_NUMBER),
            entry("java.util.stream.Collectors.toUnmodifiableSet", ANY_NUMBER));

    @Test
    void reachesNothingOutside() {
        check(noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(OUTSIDE_WORLD));
    }

    @Test
    void knowsNoThreadAndNoClock() {
        check(noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat(JavaClass.Predicates.belongToAnyOf(THREADS_AND_CLOCKS)));
    }

    @Test
    void locksNothing() {
        check(noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(CORE)
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED));
        check(noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(CORE)
                .should()
                .haveModifier(JavaModifier.VOLATILE));
    }

    @Test
    void callsNothingThatCannotBeRepeated() {
        check(coreCallsNo("call that gives another answer in another run", CorePurityTest::isUnrepeatable));
    }

    @Test
    void makesNoCollectionInHashOrder() {
        check(coreCallsNo("collection in hash order", CorePurityTest::isHashOrdered));
    }

    private static boolean isUnrepeatable(CodeUnitAccessTarget target) {
        String owner = target.getOwner().getName();
        boolean unseeded = target.getName().equals("<init>")
                && target.getRawParameterTypes().isEmpty()
                && (owner.equals("java.util.Random") || owner.equals("java.util.SplittableRandom"));
        boolean shuffled = owner.equals("java.util.Collections")
                && target.getName().equals("shuffle")
                && target.getRawParameterTypes().size() == 1;
        boolean clock = owner.startsWith("java.time.") && target.getName().equals("now");
        boolean parallel = owner.startsWith("java.util.") && target.getName().startsWith("parallel");
        return unseeded || shuffled || clock || parallel || UNREPEATABLE.contains(owner + "." + target.getName());
    }

    private static boolean isHashOrdered(CodeUnitAccessTarget target) {
        String owner = target.getOwner().getName();
        if (target.getName().equals("<init>")) {
            return HASH_ORDERED.contains(owner);
        }
        Integer limit = HASH_ORDERED_FACTORIES.get(owner + "." + target.getName());
        return limit != null && target.getRawParameterTypes().size() < limit;
    }

    /** Looks at calls and at method references alike. */
    private static ArchRule coreCallsNo(String what, Predicate<CodeUnitAccessTarget> banned) {
        return classes().that().resideInAPackage(CORE).should(new ArchCondition<JavaClass>("make no " + what) {
            @Override
            public void check(JavaClass caller, ConditionEvents events) {
                caller.getAccessesFromSelf().stream()
                        .filter(access -> access instanceof JavaCodeUnitAccess<?> call && banned.test(call.getTarget()))
                        .forEach(access -> events.add(SimpleConditionEvent.violated(access, access.getDescription())));
            }
        });
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(LIBRARY);
    }
}
