package io.loggos.snapshot.draw;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** A diagram as a reader of the document sees it. */
final class PictureOfCut {
    /** An arrow between two lines. */
    record Arrow(int from, int to, double start, double end, String hint) {
        String ends() {
            return from + "-" + to;
        }
    }

    private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+");

    private final Document document;
    private final Map<Integer, Double> marks;

    PictureOfCut(String svg) {
        try {
            document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)));
        } catch (Exception e) {
            throw new AssertionError("no XML: " + svg, e);
        }
        marks = readMarks();
    }

    private List<Element> groups(String name) {
        List<Element> found = new ArrayList<>();
        NodeList all = document.getElementsByTagName("g");
        for (int i = 0; i < all.getLength(); i++) {
            Element group = (Element) all.item(i);
            if (List.of(group.getAttribute("class").split(" ", -1)).contains(name)) {
                found.add(group);
            }
        }
        return found;
    }

    int count(String name) {
        return groups(name).size();
    }

    /** The nodes that have a line. */
    List<Integer> lines() {
        return groups("node").stream()
                .map(each -> number(each, "data-node"))
                .distinct()
                .toList();
    }

    /** Place of each node's state. */
    Map<Integer, Double> marks() {
        return marks;
    }

    private Map<Integer, Double> readMarks() {
        Map<Integer, Double> read = new TreeMap<>();
        for (Element state : groups("state")) {
            Element box = (Element) state.getElementsByTagName("rect").item(0);
            double left = Double.parseDouble(box.getAttribute("x"));
            read.put(number(state, "data-node"), left + Double.parseDouble(box.getAttribute("width")) / 2);
        }
        return read;
    }

    double mark(int node) {
        return marks.get(node);
    }

    /** Arrows, from the begin of the path to the tip of the head. */
    List<Arrow> arrows(String name) {
        return groups(name).stream()
                .map(group -> new Arrow(
                        number(group, "data-from"),
                        number(group, "data-to"),
                        first(group, "path", "d"),
                        first(group, "polygon", "points"),
                        group.getElementsByTagName("title").item(0).getTextContent()))
                .toList();
    }

    private static double first(Element group, String tag, String attribute) {
        Element element = (Element) group.getElementsByTagName(tag).item(0);
        Matcher number = NUMBER.matcher(element.getAttribute(attribute));
        if (!number.find()) {
            throw new AssertionError("no number in " + element.getAttribute(attribute));
        }
        return Double.parseDouble(number.group());
    }

    private static int number(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }

    /** All texts in the picture. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        NodeList all = document.getElementsByTagName("text");
        for (int i = 0; i < all.getLength(); i++) {
            texts.add(all.item(i).getTextContent());
        }
        return texts;
    }
}
