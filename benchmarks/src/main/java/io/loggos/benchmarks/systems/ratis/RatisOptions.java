package io.loggos.benchmarks.systems.ratis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.NetUtils;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Options of the servers: for throughput, with the defaults for durability. */
final class RatisOptions {
    /**
     * Lower bound of the election timeout. The default of 150 ms elects new leaders again and again on a busy machine.
     */
    private static final Duration LEAST_ELECTION_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration MOST_ELECTION_TIMEOUT = Duration.ofSeconds(2);
    /** Lower bound of the first election timeout, short because there is no leader to wait for. */
    private static final Duration LEAST_FIRST_TIMEOUT = Duration.ofMillis(150);

    private static final Duration MOST_FIRST_TIMEOUT = Duration.ofMillis(300);
    /** Time for which each reply is kept; the default of a minute is too much for the heap. */
    private static final Duration REPLIES_KEPT = Duration.ofSeconds(5);
    /** Entries that may wait for one sync. */
    private static final int MOST_ENTRIES_A_SYNC = 4096;
    /**
     * Requests that may be on the way to a follower; the default is 8. With one, all commands proposed meanwhile share
     * the next request and one sync. That gives more than twice as many commands a second as 8 or 128.
     */
    private static final int MOST_APPENDS_UNDER_WAY = 1;

    private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("64MB");
    private static final SizeInBytes PREALLOCATED = SizeInBytes.valueOf("64MB");

    private RatisOptions() {}

    static RaftProperties of(RaftPeer peer, Path directory) {
        RaftProperties options = new RaftProperties();
        GrpcConfigKeys.Server.setPort(
                options, NetUtils.createSocketAddr(peer.getAddress()).getPort());
        GrpcConfigKeys.Server.setHost(
                options, NetUtils.createSocketAddr(peer.getAddress()).getHostString());
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(options, MOST_APPENDS_UNDER_WAY);
        RaftServerConfigKeys.setStorageDir(options, List.of(directory.toFile()));
        RaftServerConfigKeys.Rpc.setTimeoutMin(options, duration(LEAST_ELECTION_TIMEOUT));
        RaftServerConfigKeys.Rpc.setTimeoutMax(options, duration(MOST_ELECTION_TIMEOUT));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(options, duration(LEAST_FIRST_TIMEOUT));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(options, duration(MOST_FIRST_TIMEOUT));
        RaftServerConfigKeys.RetryCache.setExpiryTime(options, duration(REPLIES_KEPT));
        RaftServerConfigKeys.Log.setForceSyncNum(options, MOST_ENTRIES_A_SYNC);
        RaftServerConfigKeys.Log.setSegmentSizeMax(options, SEGMENT);
        RaftServerConfigKeys.Log.setPreallocatedSize(options, PREALLOCATED);
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(options, false);
        // It would add an entry for each advance of the commit index, only to speed up a restart.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(options, false);
        return options;
    }

    private static TimeDuration duration(Duration time) {
        return TimeDuration.valueOf(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
