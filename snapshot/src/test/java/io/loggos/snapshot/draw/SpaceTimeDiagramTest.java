package io.loggos.snapshot.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.snapshot.detect.Cycle;
import io.loggos.snapshot.draw.PictureOfCut.Arrow;
import io.loggos.snapshot.testkit.CutBuilder;
import io.loggos.snapshot.testkit.CutBuilder.Place;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the content of the picture, and that no arrow goes back in time. */
class SpaceTimeDiagramTest {
    private static final List<Place> PLACES = List.of(Place.values());

    /** Distance from the tip of the first marker to the middle of the mark that it makes. */
    private static final double HALF_A_MARK = 14;

    private static PictureOfCut drawn(GlobalSnapshot cut) {
        return new PictureOfCut(SpaceTimeDiagram.of(cut).toSvg());
    }

    /** Creates a cut with messages on some channels, but leaves one empty way for markers from the initiator to all. */
    private static GlobalSnapshot busy(int nodes, Random random) {
        CutBuilder cut = new CutBuilder(nodes)
                .id(1 + random.nextInt(nodes), 4)
                .group("bank")
                .group("chat");
        for (Place place : PLACES) {
            for (int from = 1; from <= nodes; from++) {
                int to = 1 + random.nextInt(nodes);
                cut.inFlight(random.nextBoolean() ? "bank" : "chat", from, to, "a message", place);
            }
        }
        for (int from = 1; from <= nodes; from++) {
            int to = 1 + random.nextInt(nodes);
            cut.state(from, "accounts", "x".repeat(from)).replica(from, "orders", 1_000 + from);
            if (to != from) {
                cut.link(from, to, 1 + random.nextInt(20), 300, 1 + random.nextInt(3));
            }
        }
        return cut.build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 9})
    void everyArrowGoesForwardAndCrossesAsItShould(int nodes) {
        for (int seed = 1; seed <= 15; seed++) {
            PictureOfCut picture = drawn(busy(nodes, new Random(seed)));

            assertEquals(nodes, picture.lines().size());
            assertEquals(nodes, picture.marks().size());
            assertEquals(nodes * (nodes - 1), picture.arrows("marker").size());
            assertEquals(
                    nodes * (nodes - 1),
                    picture.arrows("marker").stream()
                            .map(Arrow::ends)
                            .distinct()
                            .count());
            for (Arrow marker : picture.arrows("marker")) {
                assertEquals(picture.mark(marker.from()), marker.start(), 0.2);
                assertTrue(marker.end() > marker.start(), marker::toString);
                assertTrue(marker.end() >= picture.mark(marker.to()) - HALF_A_MARK, marker::toString);
            }
            for (Arrow message : picture.arrows("message")) {
                assertTrue(message.end() > message.start(), message::toString);
                assertTrue(message.start() < picture.mark(message.from()), message::toString);
                assertTrue(message.end() > picture.mark(message.to()), message::toString);
                picture.arrows("marker").stream()
                        .filter(marker -> marker.ends().equals(message.ends()))
                        .forEach(marker -> assertTrue(message.end() < marker.end(), message::toString));
            }
        }
    }

    @Test
    void messagesOfOneKindOnOneChannelAreOneArrow() {
        CutBuilder cut = new CutBuilder(3).group("bank").group("chat");
        cut.link(1, 2, 12, 250, 1).link(1, 2, 2, 40, 2).link(2, 1, 1, 40, 3);
        cut.inFlight("bank", 3, 1, "12345", Place.HELD).inFlight("bank", 3, 1, "123", Place.ON_THE_WAY);
        cut.inFlight("chat", 3, 1, "12", Place.QUEUED).inFlight("bank", 3, 3, "1", Place.QUEUED);

        PictureOfCut picture = drawn(cut.build());

        assertEquals(
                List.of(
                        "from n1 to n2, links: 2 messages, 80 B",
                        "from n1 to n2, logs: 12 messages, 3.0 kB",
                        "from n2 to n1, links: 1 message, 40 B",
                        "from n3 to n1, bank, chat: 3 messages, 10 B",
                        "from n3 to n3, bank: 1 message, 1 B"),
                picture.arrows("message").stream().map(Arrow::hint).sorted().toList());
        assertTrue(picture.texts().contains("logs: 12 messages, 3.0 kB"));
    }

    @Test
    void eachNodeSaysWhatItRecorded() {
        CutBuilder cut =
                new CutBuilder(2).group("bank").state(1, "accounts", "12345").replica(1, "orders", 1_204);

        PictureOfCut picture = drawn(cut.build());

        assertTrue(picture.texts()
                .containsAll(List.of(
                        "Global snapshot 1-0000000000001234-1",
                        "taken 2026-11-27 23:30:00.123 UTC in cluster test, begun by n1, view v3.1 of n1, n2",
                        "n1, the initiator",
                        "n2",
                        "accounts: 5 B",
                        "log orders at slot 1,204",
                        "group bank in view v3.1")));
        assertFalse(picture.texts().stream().anyMatch(text -> text.contains("deadlock")));
    }

    @Test
    void partsThatAreTooManyAreCounted() {
        CutBuilder cut = new CutBuilder(2);
        for (int i = 0; i < 7; i++) {
            cut.state(1, "part-" + i, "");
        }

        assertTrue(drawn(cut.build()).texts().containsAll(List.of("part-2: 0 B", "and 4 more")));
    }

    /** Any name may be drawn; the parser would not accept it otherwise. */
    @Test
    void namesMayBeAnything() {
        String name = "<a & \"b\">\u0000\u001b]0;\uD800 𝔵 ";
        GlobalSnapshot cut = new CutBuilder(2)
                .group(name)
                .state(1, name.repeat(40), "")
                .inFlight(name, 1, 2, "x", Place.HELD)
                .build();

        PictureOfCut picture = drawn(cut);

        assertTrue(
                picture.arrows("message").get(0).hint().contains("<a & \"b\">"),
                () -> picture.arrows("message").toString());
    }

    @Test
    void labelsThatFindNoRoomAreExplainedBelow() {
        CutBuilder cut = new CutBuilder(7).group("bank");
        for (int from = 1; from <= 7; from++) {
            for (int to = 1; to <= 7; to++) {
                if (from != to && !(from == 1 && to == 4)) {
                    cut.inFlight("bank", from, to, "x", Place.HELD).link(from, to, 3, 100, 1);
                }
            }
        }

        PictureOfCut picture = drawn(cut.build());

        assertEquals(82, picture.arrows("message").size());
        TreeSet<String> said = new TreeSet<>(picture.texts());
        for (Arrow message : picture.arrows("message")) {
            String label = message.hint().substring(message.hint().indexOf(", ") + 2);
            String note = "n" + message.from() + " to n" + message.to() + ", " + label;
            assertTrue(said.contains(label) || said.contains(note), note);
        }
    }

    @Test
    void deadlockIsDrawnBeside() {
        GlobalSnapshot cut = new CutBuilder(3).group("locks").build();
        Cycle<String, String> cycle = new Cycle<>(List.of(
                wait("anna", 1, "spoon", "ben", true),
                wait("ben", 2, "<fork>", "cleo", false),
                wait("cleo", 2, "knife", "anna", false)));

        SpaceTimeDiagram diagram = SpaceTimeDiagram.of(cut);
        PictureOfCut picture = new PictureOfCut(diagram.withDeadlock(cycle).toSvg());

        assertEquals(3, picture.count("wait"));
        assertEquals(
                List.of(
                        "anna",
                        "ben",
                        "cleo",
                        "waits for <fork>",
                        "waits for knife",
                        "waits for spoon, request on its way"),
                picture.texts().stream()
                        .filter(text -> text.matches("anna|ben|cleo|waits for .*"))
                        .sorted()
                        .collect(Collectors.toList()));
        assertThrows(
                IllegalArgumentException.class,
                () -> diagram.withDeadlock(new Cycle<>(List.of(wait("anna", 9, "spoon", "anna", false)))));
    }

    private static Cycle.Wait<String, String> wait(String who, int node, String what, String holder, boolean onItsWay) {
        NodeId there = NodeId.of(node);
        return new Cycle.Wait<>(
                who,
                there,
                what,
                holder,
                onItsWay ? Optional.of(new InFlight<>(there, NodeId.of(1), Bytes.EMPTY)) : Optional.empty(),
                Optional.empty());
    }
}
