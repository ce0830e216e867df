#include "device/cpu/queue.h"
#include "device/tables.pass.h"

namespace rustg::device {

template void strings_are_numbered_by_first_occurrence(cpu::Queue&);
template void one_thread_may_intern_alone(cpu::Queue&);
template void many_threads_may_intern_among(cpu::Queue&);
template void strings_are_found(cpu::Queue&);
template void words_and_bytes_agree(cpu::Queue&);
template void a_full_table_says_so(cpu::Queue&);
template void tasks_push_tasks(cpu::Queue&);
template void one_seed_feeds_all(cpu::Queue&);
template void a_full_task_queue_says_so(cpu::Queue&);
template void task_queues_run_again(cpu::Queue&);
template void machines_run_to_their_end(cpu::Queue&);

}  // namespace rustg::device
