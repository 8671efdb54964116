package io.loggos.benchmarks.harness.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.Subject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BarChartTest {
    private static final Subject LOGGOS = Subject.system("loggos", "Loggos", "1", "none");
    private static final Subject PEER = Subject.system("peer", "Peer & Co", "2", "none");

    @Test
    void barsAreAsLongAsTheirFiguresSay() throws Exception {
        NodeList lines = lines(List.of(
                new BarChart.Bar("small", LOGGOS, 2000),
                new BarChart.Bar("large", LOGGOS, 500),
                new BarChart.Bar("small", PEER, 1000)));
        assertEquals(3, lines.getLength());
        // In the order of the settings.
        double longest = length(lines, 0);
        assertTrue(longest > 100);
        assertEquals(longest / 2, length(lines, 1), 0.2);
        assertEquals(longest / 4, length(lines, 2), 0.2);
    }

    @Test
    void nothingMeasuredIsAnEmptyChart() throws Exception {
        assertEquals(0, lines(List.of()).getLength());
    }

    private static NodeList lines(List<BarChart.Bar> bars) throws Exception {
        byte[] svg = new BarChart("Figures", bars).toSvg().getBytes(StandardCharsets.UTF_8);
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
        return document.getElementsByTagName("line");
    }

    private static double length(NodeList lines, int position) {
        Element line = (Element) lines.item(position);
        return Double.parseDouble(line.getAttribute("x2")) - Double.parseDouble(line.getAttribute("x1"));
    }
}
