package io.loggos.paxos.libraries;

import io.loggos.api.LoggosException;
import io.loggos.api.node.Node;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.concurrent.Callable;

/**
 * Opens a node in a directory several times, each time by classes of its own that do not see one class or file of
 * {@code META-INF/services}. Prints a line about each attempt. A process of its own, since a native library of Netty
 * belongs to the first classes that load it.
 */
final class OpeningProgram {
    /** In place of a name: everything is seen. */
    static final String NOTHING_HIDDEN = "-";

    private OpeningProgram() {}

    /** Runs with the directory, and then the hidden names. */
    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            try (Partly classes = new Partly(arguments[i])) {
                Thread.currentThread().setContextClassLoader(classes);
                Object opening = classes.loadClass(Opening.class.getName())
                        .getConstructor(Path.class)
                        .newInstance(data);
                System.out.println("attempt: " + ((Callable<?>) opening).call());
            }
        }
    }

    /** Opens a node of a cluster of one, and closes it. Returns "opened", or the refusal. */
    public static final class Opening implements Callable<String> {
        private final Path data;

        public Opening(Path data) {
            this.data = data;
        }

        @Override
        public String call() {
            try (Node node = Node.builder()
                    .id(1)
                    .listen("127.0.0.1:0")
                    .dataDirectory(data)
                    .open()) {
                return node.id().value() == 1 ? "opened" : "another";
            } catch (LoggosException e) {
                return e.toString();
            }
        }
    }

    /** The classes of Loggos and gRPC once more, but for one class or file. */
    private static final class Partly extends URLClassLoader {
        private final String hidden;

        Partly(String hidden) throws MalformedURLException {
            super(classPath(), OpeningProgram.class.getClassLoader());
            this.hidden = hidden;
        }

        private static URL[] classPath() throws MalformedURLException {
            String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
            URL[] urls = new URL[entries.length];
            for (int i = 0; i < entries.length; i++) {
                urls[i] = Path.of(entries[i]).toUri().toURL();
            }
            return urls;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.loggos.") && !name.startsWith("io.grpc.")) {
                return super.loadClass(name, resolve);
            }
            if (name.equals(hidden)) {
                throw new ClassNotFoundException(name);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.equals(hidden) ? Collections.emptyEnumeration() : super.getResources(name);
        }
    }
}
