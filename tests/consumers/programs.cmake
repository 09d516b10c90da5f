# The programs that both CMake projects build, from the targets that both must have.
set(examples "${CMAKE_CURRENT_LIST_DIR}/../../examples")
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)

add_executable(shared_c "${examples}/c/quickstart.c")
target_link_libraries(shared_c PRIVATE Lapwing::lapwing)

add_executable(static_c "${examples}/c/quickstart.c")
target_link_libraries(static_c PRIVATE Lapwing::static)

add_executable(shared_cpp "${examples}/cpp/quickstart.cpp")
target_link_libraries(shared_cpp PRIVATE Lapwing::lapwing)
