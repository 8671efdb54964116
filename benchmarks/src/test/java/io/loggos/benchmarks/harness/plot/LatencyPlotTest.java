package io.loggos.benchmarks.harness.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.Floors;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.Reports;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class LatencyPlotTest {
    @Test
    void everySettingOfEverySubjectHasItsMarks() throws Exception {
        String svg = new LatencyPlot(run()).toSvg();
        List<String> hints = texts(parse(svg), "title");
        for (String setting : List.of("1 in flight", "64 in flight", "1,024 in flight")) {
            assertEquals(2, count(hints, "Loggos, " + setting + ":"), setting);
            assertEquals(2, count(hints, "A peer, " + setting + ":"), setting);
            assertEquals(1, count(hints, "RocksDB, three stores, " + setting + ":"), setting);
        }
    }

    @Test
    void axesAreLabelledWithUnitsAndTheLegendNamesAll() throws Exception {
        List<String> texts = texts(parse(new LatencyPlot(run()).toSvg()), "text");
        for (String expected : List.of(
                "throughput, operations per second",
                "latency of an operation",
                "commands, 256 bytes",
                "Loggos",
                "A peer",
                "RocksDB, three stores",
                "three stores + round trip, 1 in flight",
                "p99",
                "1 ms",
                "100 µs",
                "1k",
                "100k")) {
            assertTrue(texts.contains(expected), () -> expected + " is not in " + texts);
        }
    }

    /** No two texts lie on one another, and none reaches beyond the picture. */
    @Test
    void textsDoNotOverlap() throws Exception {
        Document document = parse(new LatencyPlot(run()).toSvg());
        double width = Double.parseDouble(document.getDocumentElement().getAttribute("width"));
        double height = Double.parseDouble(document.getDocumentElement().getAttribute("height"));
        List<double[]> boxes = new ArrayList<>();
        for (Element text : elements(document, "text")) {
            if (text.hasAttribute("transform") || text.getTextContent().isEmpty()) {
                continue;
            }
            double[] box = box(text);
            assertTrue(box[0] >= 0 && box[2] <= width && box[3] <= height, text::getTextContent);
            for (double[] other : boxes) {
                boolean apart = box[2] <= other[0] || other[2] <= box[0] || box[3] <= other[1] || other[3] <= box[1];
                assertTrue(apart, text::getTextContent);
            }
            boxes.add(box);
        }
    }

    @Test
    void whatIsUnsoundIsLeftOutAndSaidSo() throws Exception {
        List<Report> reports = new ArrayList<>(run());
        reports.add(Reports.withFaults(Reports.closed(Reports.PEER, 4096, 10, 10), 1, true));
        String svg = new LatencyPlot(reports).toSvg();
        Document document = parse(svg);
        assertEquals(0, count(texts(document, "title"), "A peer, 4,096 in flight:"));
        assertTrue(svg.contains("left out for their faults: A peer (4,096 in flight)"), svg);
    }

    @Test
    void anOpenLoopAndNothingAtAllAreDrawnToo() throws Exception {
        parse(new LatencyPlot(List.of()).toSvg());
        Document document = parse(new LatencyPlot(List.of(Reports.open(Reports.PEER, 50_000, 3))).toSvg());
        assertTrue(texts(document, "text").contains("50,000/s due"));
    }

    @Test
    void aScaleKeepsItsValuesInside() {
        LogScale scale = new LogScale(List.of(3.0, 40_000.0), 100, 900);
        assertTrue(scale.at(3) > 100 && scale.at(40_000) < 900);
        assertEquals(scale.at(10) - scale.at(1), scale.at(1000) - scale.at(100), 1e-6);
        assertEquals(List.of(5.0, 10.0, 20.0), scale.ticks().subList(0, 3));
        assertEquals("", scale.label(20, String::valueOf));
        assertFalse(scale.label(100, String::valueOf).isEmpty());
    }

    private static List<Report> run() {
        int[] inFlight = {1, 64, 1024};
        return IntStream.range(0, inFlight.length)
                .boxed()
                .flatMap(i -> List.of(
                        Reports.closed(Floors.THREE_STORES, inFlight[i], 3_000 * Math.pow(12, i), 200),
                        Reports.closed(Floors.ROUND_TRIP, inFlight[i], 9_000 * Math.pow(3, i), 70),
                        Reports.closed(Reports.LOGGOS, inFlight[i], 1_500 * Math.pow(12, i), 300 * Math.pow(3, i)),
                        Reports.closed(Reports.PEER, inFlight[i], 900 * Math.pow(10, i), 500 * Math.pow(4, i)))
                        .stream())
                .toList();
    }

    private static double[] box(Element text) {
        double x = Double.parseDouble(text.getAttribute("x"));
        double y = Double.parseDouble(text.getAttribute("y"));
        double size = Double.parseDouble(text.getAttribute("font-size"));
        double width = 0.56 * size * text.getTextContent().length();
        double left = switch (text.getAttribute("text-anchor")) {
            case "middle" -> x - width / 2;
            case "end" -> x - width;
            default -> x;
        };
        return new double[] {left, y - 0.8 * size, left + width, y + 0.2 * size};
    }

    private static long count(List<String> texts, String start) {
        return texts.stream().filter(text -> text.startsWith(start)).count();
    }

    private static List<String> texts(Document document, String tag) {
        return elements(document, tag).stream().map(Element::getTextContent).toList();
    }

    private static List<Element> elements(Document document, String tag) {
        var nodes = document.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static Document parse(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
