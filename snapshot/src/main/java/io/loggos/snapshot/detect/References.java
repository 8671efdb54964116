package io.loggos.snapshot.detect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * References on one node.
 *
 * @param roots objects, anywhere, that the node's running program refers to
 * @param objects each object that lives on this node, and the objects, anywhere, that it refers to
 * @param <O> names an object, with {@code equals}, and never another one later
 */
public record References<O>(List<O> roots, Map<O, List<O>> objects) {
    public References {
        roots = List.copyOf(roots);
        objects = Collections.unmodifiableMap(new LinkedHashMap<>(objects));
    }
}
