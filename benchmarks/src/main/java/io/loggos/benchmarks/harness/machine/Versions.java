package io.loggos.benchmarks.harness.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Versions of the libraries in this build, from {@code versions.properties}, which Maven fills in. */
public final class Versions {
    private static final Properties VERSIONS = load();

    private Versions() {}

    /**
     * Returns the version of a library.
     *
     * @param library name of the library in {@code versions.properties}
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
