package io.loggos.benchmarks.harness.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions of the libraries in this build: what Maven has filled into {@code versions.properties}. */
public final class Versions {
    private static final Properties VERSIONS = load();

    private Versions() {}

    /**
     * The version of a library.
     *
     * @param library its name in {@code versions.properties}
     */
    public static String of(String library) {
        String version = VERSIONS.getProperty(library);
        if (version == null) {
            throw new IllegalArgumentException("versions.properties does not name " + library);
        }
        return version;
    }

    private static Properties load() {
        Properties versions = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }
}
