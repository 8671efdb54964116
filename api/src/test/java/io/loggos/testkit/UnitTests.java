package io.loggos.testkit;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Unit tests as judges of a {@link Mutant}: cheaper than seeds, where a rule concerns one class. */
public final class UnitTests {
    private UnitTests() {}

    /**
     * Runs the test methods without parameters of these classes, each on a fresh instance, in the order of their names.
     * The classes need no preparation.
     *
     * @param classes the names of the classes, which need not be public
     * @return the first test that fails, or an empty text
     */
    public static String firstFailure(String... classes) {
        for (String name : classes) {
            Class<?> each = named(name);
            List<Method> tests = Arrays.stream(each.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class) && method.getParameterCount() == 0)
                    .sorted(Comparator.comparing(Method::getName))
                    .toList();
            if (tests.isEmpty()) {
                throw new IllegalArgumentException(each + " has no tests");
            }
            for (Method test : tests) {
                if (!passes(each, test)) {
                    return each.getSimpleName() + "." + test.getName();
                }
            }
        }
        return "";
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static boolean passes(Class<?> of, Method test) {
        try {
            Constructor<?> maker = of.getDeclaredConstructor();
            maker.setAccessible(true);
            test.setAccessible(true);
            test.invoke(maker.newInstance());
            return true;
        } catch (InvocationTargetException failed) {
            return false;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
