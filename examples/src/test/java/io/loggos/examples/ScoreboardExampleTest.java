package io.loggos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example. */
class ScoreboardExampleTest {
    @TempDir
    Path directory;

    @Test
    void allBoardsGoThroughTheSameScores() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        List<String> boards = ScoreboardExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        String board = boards.get(0);
        assertTrue(board.matches("\\{team-n1=\\d+, team-n2=\\d+, team-n3=\\d+}, digest [0-9a-f]+"), board);
        assertEquals(List.of(board, board, board), boards);
        assertEquals(
                List.of("board of node n1: " + board, "board of node n2: " + board, "board of node n3: " + board),
                out.toString(StandardCharsets.UTF_8).lines().toList());
    }
}
