/**
 * Test kit of Loggos, for its own tests and for those of an application; it is in the test-jars of the modules.
 *
 * <p><b>A state machine of one's own</b> is tested in two steps. First, extend {@link
 * io.loggos.testkit.StateMachineContract}. Two methods say how the machine is made and what a command may be. The inherited
 * tests show that answers depend on commands alone and that a checkpoint holds the whole state.
 *
 * <pre>{@code
 * class BankTest extends StateMachineContract {
 *     @Override
 *     protected StateMachine create() {
 *         return new Bank();
 *     }
 *
 *     @Override
 *     protected Bytes command(SplittableRandom random) {
 *         return Bank.transfer(random.nextInt(10), random.nextInt(10), random.nextInt(100));
 *     }
 * }
 * }</pre>
 *
 * <p>Second, run it on simulated nodes: the nodes that ship, on virtual time, with a network and disks that fail. The example
 * to begin with is {@code io.loggos.paxos.sim.OwnStateMachineTest}, in the test-jar of {@code loggos-paxos}.
 *
 * <p><b>A protocol of one's own</b> is tested on {@link io.loggos.testkit.VirtualTime} and {@code testkit.network}, and run
 * from seeds by {@code testkit.sim}. Its checkers throw a {@link io.loggos.testkit.Violation} with the name of the predicate
 * that does not hold. A {@link io.loggos.testkit.Mutant} plants a bug in the production code, to show that the checkers find
 * it.
 */
@NullMarked
package io.loggos.testkit;

import org.jspecify.annotations.NullMarked;
