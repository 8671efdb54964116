package io.loggos.paxos.runtime.replica.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.session.RequestTable;
import io.loggos.paxos.core.session.SessionTable;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The part of a checkpoint that is not the state machine's. */
class ReplicaStateTest {
    private static final Configuration CONFIGURATION =
            Configuration.initial(new TreeSet<>(List.of(NodeId.of(1), NodeId.of(2))));

    private static Bytes state(Configuration configuration) {
        return new ReplicaState(5, 6, configuration, new SessionTable(), new RequestTable()).toBytes();
    }

    @Test
    void configurationSurvives() {
        ReplicaState read = ReplicaState.of(state(CONFIGURATION));
        assertEquals(CONFIGURATION, read.configuration());
        assertEquals(5, read.logTimeMillis());
        assertEquals(6, read.history());
    }

    /** A snapshot is restored into a cluster of other stores, whose first configuration its options name. */
    @Test
    void newClusterBeginsInAFirstConfiguration() {
        ReplicaState restored = ReplicaState.of(ReplicaState.inNewCluster(state(CONFIGURATION)));
        assertNull(restored.configuration());
        assertEquals(6, restored.history());
    }
}
