package io.loggos.multicast.group.sim;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of single cases, run one after the other inside the class loader of a mutant. */
public final class SingleCases {
    private static final List<String> CLASSES = List.of(
            "core.EndOfViewTest",
            "core.FoundingTest",
            "core.viewchange.CoordinatorTest",
            "core.GroupMessageSizesTest",
            "core.MembershipEdgesTest");

    private SingleCases() {}

    /** Returns the first test that fails, and why; empty if none does. */
    public static String firstViolation(long firstSeed, int seeds) {
        try {
            for (String name : CLASSES) {
                for (Method method :
                        Class.forName("io.loggos.multicast.group." + name).getDeclaredMethods()) {
                    String failure = run(method);
                    if (!failure.isEmpty()) {
                        return name + "." + method.getName() + ": " + failure;
                    }
                }
            }
            return "";
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String run(Method method) throws ReflectiveOperationException {
        if (method.isAnnotationPresent(Test.class)) {
            return invoke(method);
        }
        ValueSource values = method.getAnnotation(ValueSource.class);
        if (method.isAnnotationPresent(ParameterizedTest.class) && values != null) {
            for (long value : values.longs()) {
                String failure = invoke(method, value);
                if (!failure.isEmpty()) {
                    return failure;
                }
            }
        }
        return "";
    }

    private static String invoke(Method method, Object... arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = method.getDeclaringClass().getDeclaredConstructor();
        constructor.setAccessible(true);
        method.setAccessible(true);
        try {
            method.invoke(constructor.newInstance(), arguments);
            return "";
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        }
    }
}
