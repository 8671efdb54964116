package io.loggos.benchmarks.harness.plot;

import io.loggos.benchmarks.harness.plot.SvgCanvas.Stroke;
import io.loggos.benchmarks.harness.report.Subject;
import java.util.ArrayList;
import java.util.List;

/** Colours and lines of the subjects: systems in colours that colour-blind readers can tell apart, floors in greys. */
final class Palette {
    private static final List<String> SYSTEMS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7b3294", "#a6761d", "#1b1b1b");
    private static final List<String> FLOORS = List.of("#4d4d4d", "#8c8c8c", "#6b5b4b", "#a89a86");
    private static final String TAIL = "6 4";
    private static final String DOTS = "1.5 3.5";

    private final List<Subject> systems;
    private final List<Subject> floors;

    Palette(List<Subject> all) {
        systems = all.stream()
                .filter(subject -> !subject.isFloor())
                .distinct()
                .sorted((one, other) -> Boolean.compare(isOurs(other), isOurs(one)))
                .toList();
        floors = all.stream().filter(Subject::isFloor).distinct().toList();
    }

    List<Subject> systems() {
        return systems;
    }

    List<Subject> floors() {
        return floors;
    }

    /** Returns the subjects in the order of drawing: the last lies on top. */
    List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>(floors);
        for (int i = systems.size() - 1; i >= 0; i--) {
            subjects.add(systems.get(i));
        }
        return subjects;
    }

    Stroke p50(Subject subject) {
        if (subject.isFloor()) {
            return new Stroke(FLOORS.get(floors.indexOf(subject) % FLOORS.size()), 1.4, DOTS);
        }
        return Stroke.solid(color(subject), isOurs(subject) ? 3 : 1.9);
    }

    Stroke p99(Subject system) {
        return new Stroke(color(system), isOurs(system) ? 2.2 : 1.4, TAIL);
    }

    private String color(Subject system) {
        return SYSTEMS.get(systems.indexOf(system) % SYSTEMS.size());
    }

    private static boolean isOurs(Subject subject) {
        return subject.name().equals(Subject.LOGGOS);
    }
}
