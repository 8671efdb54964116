package io.loggos.examples.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.examples.cli.options.MemberFlags;
import io.loggos.examples.cli.options.ServerSettings;
import io.loggos.examples.server.ServerOptions;
import io.loggos.examples.server.monitor.MonitorUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** CONFIGURATION.md says what the options say, and the sample configuration is one. */
class ConfigurationReferenceTest {
    private static final String WRITE = "configuration.write";

    @Test
    void fileIsWhatTheOptionsSay() throws Exception {
        String text = ConfigurationReference.text();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(ConfigurationReference.FILE, text);
        }
        assertEquals(
                text,
                Files.exists(ConfigurationReference.FILE) ? Files.readString(ConfigurationReference.FILE) : "",
                "examples/CONFIGURATION.md is not what the options say; this writes it: mvn test -pl examples -am"
                        + " -Dtest=ConfigurationReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -D" + WRITE
                        + "=true");
    }

    @Test
    void sampleConfigurationIsOfAClusterOfOne() {
        MemberFlags flags = new MemberFlags();
        new CommandLine(flags)
                .parseArgs(
                        "--config",
                        Path.of("src/main/dist/config/server.properties").toString());
        ServerSettings settings = flags.settings();
        ServerOptions options = settings.toOptions();
        assertEquals(1, options.node().members().size());
        assertEquals(MonitorUrl.parseAll("http://127.0.0.1:2381"), options.monitor());
        assertEquals(List.of(), List.copyOf(options.clients().keySet()));
    }
}
