package io.loggos.paxos.libraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.testkit.JavaCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications that bring a gRPC that is incomplete, or older: a node says so, and leaves its directory usable. */
class GrpcOnClassPathTest {
    private static final String SERVICES = "META-INF/services/io.grpc.";
    private static final String NETTY = "io.grpc.netty.shaded.io.";

    @TempDir
    Path directory;

    @Test
    void missingPartIsNamedAndTheDirectoryStaysUsable() throws Exception {
        // Surefire puts the class path into the manifest of a jar, and its entries into this property.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(JavaCommand.with(
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-D" + NETTY + "netty.transport.noNative=true",
                        "-cp",
                        classPath,
                        OpeningProgram.class.getName(),
                        directory.resolve("data").toString(),
                        SERVICES + "NameResolverProvider",
                        SERVICES + "LoadBalancerProvider",
                        NETTY + "netty.channel.MultiThreadIoEventLoopGroup",
                        NETTY + "grpc.netty.NettyServerBuilder",
                        OpeningProgram.NOTHING_HIDDEN))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        List<String> attempts =
                output.lines().filter(line -> line.startsWith("attempt: ")).toList();

        // A fat jar whose files in META-INF/services overwrite each other.
        assertNames(attempts.get(0), "no name resolver for \"dns\"", "META-INF/services of the jars must be merged");
        assertNames(attempts.get(1), "no load balancer \"pick_first\"", "META-INF/services of the jars must be merged");
        // An older gRPC. One class is missed before the store is open, the other after.
        assertNames(attempts.get(2), "do not fit together", "MultiThreadIoEventLoopGroup", "grpc-bom");
        assertNames(attempts.get(3), "do not fit together", "NettyServerBuilder", "grpc-bom");
        assertEquals("attempt: opened", attempts.get(4));
    }

    private static void assertNames(String attempt, String... parts) {
        assertTrue(attempt.startsWith("attempt: io.loggos.api.TransportException: "), attempt);
        for (String part : parts) {
            assertTrue(attempt.contains(part), () -> part + " is not in: " + attempt);
        }
    }
}
