package io.loggos.paxos.core;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.digest.DigestExchange;
import io.loggos.paxos.core.lease.Grant;
import io.loggos.paxos.core.lease.Lease;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.request.ReadIndex;
import io.loggos.paxos.core.request.Reads;
import io.loggos.paxos.core.request.SlotReads;
import io.loggos.paxos.core.request.Submissions;
import io.loggos.paxos.core.skip.Skips;
import java.util.List;
import java.util.random.RandomGenerator;

/** The roles of a replica, each with those that it needs. */
final class Roles {
    private final CurrentConfiguration configuration;

    final Acceptor acceptor;
    final Learner learner;
    final Proposer proposer;
    final Election election;
    final Leadership leadership;
    final StatusReports reports;
    final Submissions submissions;
    final Reads reads;
    final Reads readsByLease;
    final SlotReads slotReads;
    final ReadIndex readIndex;
    final Lease lease;
    final Grant grant;
    final RequestRouting routing;
    final ApplyFeed feed;
    final DigestExchange digests;
    final Transfer transfer;
    final Skips skips;
    final Reconfiguration reconfiguration;
    final PeerMessages messages;

    /** Creates the roles; the parameters are those of {@link MultiPaxos}. */
    Roles(
            NodeId self,
            LogId log,
            long session,
            CurrentConfiguration configuration,
            Limits limits,
            OpenedLog opened,
            List<LogEntry> skips,
            Connectivity connectivity,
            RandomGenerator random,
            Effects effects) {
        this.configuration = configuration;
        acceptor = new Acceptor(log, limits, opened, effects);
        learner = new Learner(self, log, configuration, limits, acceptor, connectivity, opened, effects);
        proposer = new Proposer(self, configuration, limits, acceptor, learner, effects);
        submissions = new Submissions(self, session, limits, proposer, effects);
        this.skips = new Skips(self, log, configuration, learner::through, opened.checkpointSlot(), skips, effects);
        feed = new ApplyFeed(limits, learner, submissions, this.skips, opened.checkpointSlot(), effects);
        reads = new Reads(self, false, session, limits, effects);
        readsByLease = new Reads(self, true, session ^ Long.MIN_VALUE, limits, effects);
        slotReads = new SlotReads(limits, effects);
        lease = new Lease(self, configuration, limits);
        grant = new Grant(limits);
        readIndex = new ReadIndex(self, configuration, proposer, lease, reads, readsByLease, limits, effects);
        election = new Election(self, configuration, connectivity, limits, random);
        leadership = new Leadership(
                configuration, election, proposer, acceptor, learner, readIndex, lease, grant, limits, effects);
        reports = new StatusReports(self, configuration, acceptor, learner, election);
        digests = new DigestExchange(self, configuration, limits, effects);
        transfer = new Transfer(self, configuration, limits, proposer, election, reports, lease, effects);
        routing = new RequestRouting(self, election, proposer, submissions, reads, readsByLease, readIndex);
        reconfiguration = new Reconfiguration(
                configuration,
                learner,
                proposer,
                election,
                leadership,
                reports,
                digests,
                transfer,
                lease,
                this.skips,
                effects);
        messages = new PeerMessages(
                configuration,
                acceptor,
                learner,
                proposer,
                leadership,
                reports,
                routing,
                digests,
                transfer,
                grant,
                this.skips,
                effects);
    }

    /** Fails the requests that are overdue. */
    void expire(long now) {
        submissions.expire(now);
        reads.expire(now);
        readsByLease.expire(now);
        slotReads.expire(now);
    }

    /** Answers the reads that must see no further slot than the state machine was given. */
    void releaseReads() {
        reads.release(feed.givenThrough());
        readsByLease.release(feed.givenThrough());
        slotReads.release(feed.givenThrough());
    }

    /** True if a role must look again after a heartbeat, whatever comes. */
    boolean needsTick() {
        return leadership.isOpen()
                || transfer.isOpen()
                || grant.isKeeping()
                || skips.isOpen()
                || learner.behind()
                || learner.hasUnpersisted()
                || acceptor.hasRefused()
                || digests.isOpen()
                || reconfiguration.isOpen()
                || !configuration.isVoter()
                || !submissions.isEmpty()
                || !reads.isEmpty()
                || !readsByLease.isEmpty()
                || !slotReads.isEmpty()
                || !readIndex.isEmpty();
    }

    /** The present progress of the replica. */
    ReplicaProgress progress() {
        return new ReplicaProgress(
                proposer.phase(),
                acceptor.promised(),
                election.leader(),
                learner.truncatedBelow(),
                acceptor.highestAccepted(learner.through()),
                learner.through(),
                Math.max(learner.knownThrough(), proposer.leads() ? proposer.chosenThrough() : 0),
                feed.appliedThrough(),
                digests.agreedSlot(),
                feed.givenBytes(),
                proposer.openSlots(),
                lease.endNanos(),
                learner.missing(),
                election.absent());
    }
}
