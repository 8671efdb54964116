package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Programs that create objects, store references in them, and load, drop and send references. An object never moves.
 */
public final class HeapWorld extends World {
    private final List<TreeSet<String>> roots = new ArrayList<>();
    private final List<TreeMap<String, TreeSet<String>>> heaps = new ArrayList<>();

    private HeapWorld(int nodes) {
        super(nodes);
        for (int node = 0; node < nodes; node++) {
            roots.add(new TreeSet<>());
            heaps.add(new TreeMap<>());
        }
    }

    private HeapWorld(HeapWorld other) {
        super(other);
        other.roots.forEach(each -> roots.add(new TreeSet<>(each)));
        other.heaps.forEach(heap -> {
            TreeMap<String, TreeSet<String>> copy = new TreeMap<>();
            heap.forEach((object, references) -> copy.put(object, new TreeSet<>(references)));
            heaps.add(copy);
        });
    }

    @Override
    void step(int node, Random random) {
        TreeSet<String> known = roots.get(node);
        if (known.isEmpty() || (known.size() < 4 && random.nextInt(3) == 0)) {
            String made = node + "-" + heaps.get(node).size();
            heaps.get(node).put(made, new TreeSet<>());
            known.add(made);
            return;
        }
        String one = any(known, random);
        TreeSet<String> inOne = heaps.get(node).get(one);
        switch (random.nextInt(4)) {
            case 0 -> {
                send(node, random.nextInt(nodes), one + " " + any(known, random));
                known.remove(one);
            }
            case 1 -> known.remove(one);
            case 2 -> {
                if (inOne != null) {
                    inOne.add(any(known, random));
                }
            }
            default -> {
                if (inOne != null && !inOne.isEmpty()) {
                    String loaded = any(inOne, random);
                    known.add(loaded);
                    if (random.nextBoolean()) {
                        inOne.remove(loaded);
                    }
                }
            }
        }
    }

    private static String any(Set<String> names, Random random) {
        return List.copyOf(names).get(random.nextInt(names.size()));
    }

    @Override
    void receive(int node, int from, String message) {
        roots.get(node).addAll(named(Bytes.utf8(message)));
    }

    static Collection<String> named(Bytes message) {
        return List.of(message.toUtf8().split(" ", -1));
    }

    @Override
    Bytes state(int node) {
        StringBuilder text = new StringBuilder("roots");
        roots.get(node).forEach(root -> text.append(' ').append(root));
        heaps.get(node).forEach((object, references) -> {
            text.append('\n').append(object);
            references.forEach(reference -> text.append(' ').append(reference));
        });
        return Bytes.utf8(text.toString());
    }

    static References<String> references(Bytes state) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        state.toUtf8().lines().forEach(line -> {
            List<String> names = List.of(line.split(" ", -1));
            lines.put(names.get(0), names.subList(1, names.size()));
        });
        List<String> named = lines.remove("roots");
        return new References<>(named == null ? List.of() : named, lines);
    }

    /** Objects that no program can reach any more once all messages in flight have come. */
    @Override
    Set<String> facts() {
        HeapWorld later = new HeapWorld(this);
        later.drain();
        TreeMap<String, TreeSet<String>> all = new TreeMap<>();
        later.heaps.forEach(all::putAll);
        TreeSet<String> unreached = new TreeSet<>(all.keySet());
        ArrayDeque<String> open = new ArrayDeque<>();
        later.roots.forEach(open::addAll);
        while (!open.isEmpty()) {
            String object = open.remove();
            if (unreached.remove(object)) {
                open.addAll(all.get(object));
            }
        }
        return unreached;
    }

    /** Runs seeds until one fails. */
    public static String firstViolation(long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            Random random = new Random(seed);
            int nodes = 2 + random.nextInt(3);
            Orphans<String> orphans =
                    new Orphans<>(SnapshotRun.computation(nodes), HeapWorld::references, HeapWorld::named);
            String violation = SnapshotRun.violation(
                    new HeapWorld(nodes),
                    random,
                    cut -> orphans.find(cut).map(Map::keySet).orElse(Set.of()),
                    (before, found) -> found.containsAll(before));
            if (!violation.isEmpty()) {
                return "seed " + seed + ": " + violation;
            }
        }
        return "";
    }
}
