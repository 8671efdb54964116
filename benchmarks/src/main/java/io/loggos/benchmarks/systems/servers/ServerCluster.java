package io.loggos.benchmarks.systems.servers;

import io.loggos.benchmarks.harness.report.Subject;
import java.util.List;

/** Three server processes on the loopback address, with their data on one disk. They end when it is closed. */
public interface ServerCluster extends AutoCloseable {
    /** What is measured. */
    Subject subject();

    /** Where clients reach each member, as host:port. */
    List<String> endpoints();

    /** The processes of the members, whose processor time counts. */
    List<ProcessHandle> members();

    @Override
    void close();
}
