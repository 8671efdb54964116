package io.loggos.snapshot.draw;

import io.loggos.snapshot.draw.Canvas.Font;
import io.loggos.snapshot.draw.Canvas.Stroke;

/** Colours that colour-blind people can tell apart (Okabe and Ito), and the sizes of texts. */
final class Look {
    static final String INK = "#222222";
    static final String FAINT = "#606060";
    static final String CUT = "#d55e00";
    static final String PAST = "#f1f5fa";
    static final String DEADLOCK = "#a3387c";
    static final String PAPER = "#ffffff";

    static final Stroke LIFE = new Stroke("#444444", 1.6, "");
    static final Stroke CUT_LINE = new Stroke(CUT, 2.6, "");
    static final Stroke MARKER = new Stroke("#dc7c36", 1.1, "5 4");
    static final Stroke WAIT = new Stroke(DEADLOCK, 2.4, "");
    static final Stroke NONE = new Stroke("none", 0, "");

    static final int TITLE_SIZE = 20;
    static final int TEXT_SIZE = 12;
    static final int SMALL_SIZE = 11;

    static final Font TITLE = new Font(TITLE_SIZE, "start", INK, true);
    static final Font TEXT = new Font(TEXT_SIZE, "start", INK, false);
    static final Font SMALL = new Font(SMALL_SIZE, "start", FAINT, false);

    static final Font ON_MARK = new Font(TEXT_SIZE, "middle", PAPER, true);
    static final Font NUMBER = new Font(SMALL_SIZE, "start", INK, true);

    private Look() {}
}
