package io.loggos.benchmarks.systems.aeron;

import io.aeron.CommonContext;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.cluster.ClusteredMediaDriver;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.service.ClusteredServiceContainer;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** One member: media driver, archive, consensus module and service, each on one thread. */
final class AeronMember implements AutoCloseable {
    private static final int SYNC_DATA = 1;
    /** Size of a datagram: it holds a command of 4 KiB, or many small ones. Loopback carries up to 64 KiB. */
    private static final int DATAGRAM_BYTES = 8 << 10;
    /** Receive window of a follower, and size of a socket buffer; the default is 128 KiB. */
    private static final int WINDOW_BYTES = 2 << 20;
    /** Term length. Half a term may be under way, which is twice 1,024 commands of 4 KiB. */
    private static final String TERM = "term-length=16m";

    private static final long MOST_SPINS = 10;
    private static final long MOST_YIELDS = 20;
    private static final long LEAST_SLEEP_NANOS = 1_000;
    private static final long MOST_SLEEP_NANOS = 1_000_000;

    private final HashService service = new HashService();
    private final ClusteredMediaDriver driver;
    private final ClusteredServiceContainer container;

    /** Opens the member with this number, with its data and its shared memory below these directories. */
    AeronMember(int number, MemberList members, Path data, Path memory) throws IOException {
        int windowBytes = socketBytes();
        String media = mediaDirectory(memory, number);
        Path cluster = data.resolve("member-" + number).resolve("cluster");
        MediaDriver.Context driverContext = new MediaDriver.Context()
                .aeronDirectoryName(media)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(idle())
                .mtuLength(DATAGRAM_BYTES)
                .ipcMtuLength(DATAGRAM_BYTES)
                .socketSndbufLength(windowBytes)
                .socketRcvbufLength(windowBytes)
                .initialWindowLength(windowBytes)
                .spiesSimulateConnection(true)
                .printConfigurationOnStart(false);
        AeronArchive.Context archiveClient = new AeronArchive.Context()
                .controlRequestChannel(CommonContext.IPC_CHANNEL)
                .controlResponseChannel(CommonContext.IPC_CHANNEL)
                .aeronDirectoryName(media);
        Archive.Context archive = new Archive.Context()
                .aeronDirectoryName(media)
                .archiveDir(data.resolve("member-" + number).resolve("archive").toFile())
                .controlChannel("aeron:udp?endpoint=" + members.archive(number))
                .replicationChannel("aeron:udp?endpoint=127.0.0.1:0")
                .recordingEventsEnabled(false)
                .threadingMode(ArchiveThreadingMode.SHARED)
                .idleStrategySupplier(AeronMember::idle)
                .fileSyncLevel(SYNC_DATA)
                .catalogFileSyncLevel(SYNC_DATA);
        ConsensusModule.Context consensus = new ConsensusModule.Context()
                .clusterMemberId(number)
                .clusterMembers(members.toString())
                .clusterDir(cluster.toFile())
                .aeronDirectoryName(media)
                .archiveContext(archiveClient.clone())
                .logChannel("aeron:udp?" + TERM)
                .ingressChannel("aeron:udp?" + TERM)
                .isIpcIngressAllowed(true)
                .replicationChannel("aeron:udp?endpoint=127.0.0.1:0")
                .fileSyncLevel(SYNC_DATA)
                .idleStrategySupplier(idles());
        driver = ClusteredMediaDriver.launch(driverContext, archive, consensus);
        container = ClusteredServiceContainer.launch(new ClusteredServiceContainer.Context()
                .clusterDir(cluster.toFile())
                .aeronDirectoryName(media)
                .archiveContext(archiveClient.clone())
                .clusteredService(service)
                .idleStrategySupplier(idles()));
    }

    /** Returns the window to use: Aeron does not start with one that is larger than a socket buffer. */
    private static int socketBytes() throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.setOption(StandardSocketOptions.SO_RCVBUF, WINDOW_BYTES);
            probe.setOption(StandardSocketOptions.SO_SNDBUF, WINDOW_BYTES);
            int smaller = Math.min(
                    probe.getOption(StandardSocketOptions.SO_RCVBUF), probe.getOption(StandardSocketOptions.SO_SNDBUF));
            return Math.min(WINDOW_BYTES, smaller);
        }
    }

    /** Returns the directory that the media driver of a member shares with its clients. */
    static String mediaDirectory(Path memory, int number) {
        return memory.resolve("member-" + number).toString();
    }

    /**
     * Returns Aeron's own idle strategy: an idle thread yields and then sleeps. There are far more threads than cores.
     */
    static IdleStrategy idle() {
        return new BackoffIdleStrategy(MOST_SPINS, MOST_YIELDS, LEAST_SLEEP_NANOS, MOST_SLEEP_NANOS);
    }

    private static Supplier<IdleStrategy> idles() {
        return AeronMember::idle;
    }

    HashService service() {
        return service;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(container, driver);
    }
}
