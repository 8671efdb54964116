package io.loggos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example. */
class CounterExampleTest {
    @TempDir
    Path directory;

    @Test
    void allNodesAgreeInTheEnd() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        long sum = CounterExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertEquals(131, sum);
        assertEquals("""
                node n1 adds 10, and the sum is 10
                node n2 adds 10, and the sum is 20
                node n3 adds 10, and the sum is 30
                without node 3, node 1 adds 100, and the sum is 130
                node 3 is back and adds 1, and the sum is 131
                all nodes read 131
                """, out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
    }
}
